/** What the approval page says of a service, in the language of who reads it. */
import type { Client } from '../../oauth/clients/client.ts';
import { nameIn, translationOf } from '../../oauth/clients/translated.ts';
import type { ApprovalClient } from '../../pages/approval-service.ts';
import type { Words } from '../../pages/words/words.ts';

/** Wherever the answer goes. */
export const shownClient = (client: Client, words: Words): Omit<ApprovalClient, 'redirectHost' | 'recipient'> => {
  const { logo, verified, registrant, clientId } = client;
  const inWords = (member: string, otherwise: string | undefined): string | undefined =>
    translationOf(client, member, words.language) ?? otherwise;
  return {
    name: nameIn(client, words.language),
    look: { logo, seed: clientId },
    verified: verified !== undefined,
    ...whole({
      description: inWords('description', client.description),
      publisher: inWords('organization_name', client.publisher),
      uri: inWords('client_uri', client.uri),
      policyUri: inWords('policy_uri', client.policyUri),
      tosUri: inWords('tos_uri', client.tosUri),
      documentHost: registrant.by === 'document' ? new URL(clientId).host : undefined,
    }),
  };
};

/** Without the members that say nothing. */
export const whole = <T extends object>(members: T): { readonly [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: NonNullable<T[K]>;
  };
