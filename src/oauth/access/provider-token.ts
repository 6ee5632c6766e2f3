/**
 * A person's access token of the sign-in provider, made for the application that people sign in through: what the Azure CLI gets
 * for whoever is signed in to it. The claims are those of Microsoft Entra ID's access tokens, version 2.0.
 */
import type { JWTPayload } from 'jose';
import { isOfNow } from '../clients/signed-by-client.ts';
import { OAuthError } from '../errors.ts';
import type { Reason } from '../reasons.ts';

/** What the application lets programs ask for in a person's name (`infra/hooks/lib/entra.mjs`). */
const administration = 'Admin.Manage';

/** The same as a program asks the provider for it. */
export const providerScope = (clientId: string): string => `api://${clientId}/${administration}`;

type Expected = {
  /** Our client at the provider. */
  readonly clientId: string;
  /** Epoch seconds. */
  readonly now: number;
};

type Check = {
  readonly reason: Extract<Reason, `provider_token_${string}`>;
  readonly holds: (claims: JWTPayload, expected: Expected) => boolean;
};

/** Entra's live for an hour and a half, or for a day and some hours where it can end them early. */
const longestSeconds = 2 * 86_400;

const checks: readonly Check[] = [
  {
    reason: 'provider_token_audience',
    holds: ({ aud }, { clientId }) => [clientId, `api://${clientId}`].some((one) => one === aud),
  },
  // Neither an ID token, whose audience is the same, nor the token that an application has of its own names what a person lets it do.
  { reason: 'provider_token_kind', holds: ({ scp }) => typeof scp === 'string' },
  { reason: 'provider_token_time', holds: (claims, { now }) => isOfNow(claims, { now, longestSeconds }) },
];

/** Throws `invalid_token` unless a token with these claims, which nobody has verified yet, can be one of a person for here. */
export const requireForHere = (claims: JWTPayload, expected: Expected): void => {
  for (const { reason, holds } of checks) if (!holds(claims, expected)) throw unusable(reason);
};

/** Throws `insufficient_scope` unless the person lets the program that has the token administer. */
export const requireAdministration = ({ scp }: JWTPayload): void => {
  if (!String(scp).split(' ').includes(administration))
    throw new OAuthError('bearer_token_scope', `${administration} is required`);
};

/** One answer to all of them: what is wrong is for the log. */
export const unusable = (reason: Check['reason'], options?: ErrorOptions): OAuthError =>
  new OAuthError(reason, 'the token is not valid here', options);
