/** Which picture a client goes by: the one at its `logo_uri` (RFC 7591 §2), or one that its owner uploaded. */
import type { Client } from './client.ts';

/**
 * §5: a stranger can name the picture of a service that people trust. What registered itself has one once an operator has
 * verified it; operators are asked, and owners are people with an account here.
 */
export const mayHaveLogo = ({ registrant, verified }: Pick<Client, 'registrant' | 'verified'>): boolean =>
  registrant.by === 'operator' || registrant.by === 'person' || verified !== undefined;

/** What stays of the picture of `before` when it becomes `after`: that of the same address, or the uploaded one. */
export const logoAfter = (before: Client, after: Omit<Client, 'logo'>): string | undefined =>
  mayHaveLogo(after) && before.logoUri === after.logoUri ? before.logo : undefined;

/** What an operator should know of the picture, one sentence; empty when there is nothing. */
export const logoWarnings = (client: Client): readonly string[] => {
  if (client.logoUri === undefined || client.logo !== undefined) return [];
  return [
    mayHaveLogo(client)
      ? 'logo_uri gave no picture that can be shown (PNG, JPEG or WebP, 256 KB, 1,024 pixels a side): replace the metadata to have it fetched again'
      : 'the picture at logo_uri is fetched and shown once the service is verified (assent_verified)',
  ];
};
