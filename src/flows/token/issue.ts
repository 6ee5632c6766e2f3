/** The tokens of a response: the one place that knows their types, claims and lifetimes. */
import { takeRateLimit } from '../../limits/rate-limit.ts';
import { takeSignature } from '../../limits/signatures.ts';
import { signsIn } from '../../oauth/access/openid-scopes.ts';
import { claimsFor } from '../../oauth/access/person.ts';
import { signingAlgorithmAt } from '../../oauth/access/resources.ts';
import type { Target } from '../../oauth/access/target.ts';
import { type Client, isConfidential } from '../../oauth/clients/client.ts';
import type { ClientSigningAlgorithm } from '../../oauth/clients/metadata/values.ts';
import { signingAlgorithmFor } from '../../oauth/clients/profile.ts';
import { idTokenAlgorithm } from '../../oauth/clients/sign-in.ts';
import type { Family } from '../../oauth/grants/family.ts';
import { type AccessTokenSubject, accessTokenClaims, accessTokenType } from '../../oauth/tokens/access-token.ts';
import { idTokenClaims, idTokenType } from '../../oauth/tokens/id-token.ts';
import { sessionIdOf } from '../../oauth/tokens/locator.ts';
import { subjectFor } from '../../oauth/tokens/subject.ts';
import type { Server } from '../../server.ts';
import { noteUse } from '../clients/note-use.ts';
import type { TokenResponse } from './request.ts';

type FamilyIssue = {
  readonly client: Client;
  readonly server: Server;
  /** Of the authentication request, where this answers it. */
  readonly nonce?: string | undefined;
  /** The key that the access token is bound to. */
  readonly jkt: string | undefined;
  /** When a rule will end the authorization, in epoch seconds; undefined for never. */
  readonly endsAt: number | undefined;
};

/** What is signed for a family of `client`: an ID token too, where it signs the person in. Throws `too_many_requests`, `Unavailable`. */
export const signedTokensOf = async (family: Family, target: Target, issue: FamilyIssue): Promise<Signed> => {
  const accessToken = await accessTokenOf(family, target, issue);
  if (family.openid === undefined || !signsIn(target.scopes)) return { accessToken };
  return { accessToken, idToken: await idTokenOf(family, { ...target, accessToken }, issue) };
};

const idTokenOf = async (
  family: Family,
  { accessToken, scopes }: Target & { readonly accessToken: string },
  { client, server, nonce }: FamilyIssue,
): Promise<string> => {
  const claims = idTokenClaims(family, {
    issuer: server.config.issuer,
    subject: subjectFor(client, family.address.userKey, await server.keys()),
    accessToken,
    scopes,
    now: server.clock(),
    lifetimeSeconds: server.config.lifetimes.accessTokenSeconds,
    nonce,
  });
  return signedFor(client, claims, { server, algorithm: idTokenAlgorithm(client, server.config.signing) });
};

type SignedFor = {
  readonly server: Server;
  readonly algorithm: ClientSigningAlgorithm | undefined;
  /** The header's `typ`, where the JWT has one of its own. */
  readonly type?: string;
};

/** A JWT for the client itself to read. Throws `too_many_requests`, `Unavailable`. */
export const signedFor = (
  { clientId }: Client,
  claims: Readonly<Record<string, unknown>>,
  { server, algorithm, type = idTokenType }: SignedFor,
): Promise<string> => {
  takeSignature(clientId, server);
  return server.signer.sign(type, claims, algorithm);
};

const accessTokenOf = async (family: Family, target: Target, issue: FamilyIssue): Promise<string> => {
  const { client, server, jkt, endsAt } = issue;
  const keys = await server.keys();
  const sessionId = sessionIdOf(family.address, keys.locator);
  takeRateLimit('families', sessionId, server);
  // Anybody can be a public client: what one person does with many sessions must not use up everybody's share of it.
  if (!isConfidential(client))
    takeRateLimit('people', `${client.clientId} ${family.address.userKey.toString('hex')}`, server);
  const subject = subjectFor(client, family.address.userKey, keys);
  const { clientId, authTime, acr, person } = family;
  const personClaims = claimsFor(person, target.resources, server.resources);
  return signedAccessToken(
    { ...target, clientId, subject, sessionId, authTime, acr, personClaims, jkt, ...lasting(endsAt) },
    { client, server },
  );
};

/** Throws `too_many_requests`, `Unavailable`. */
export const signedAccessToken = (
  subject: AccessTokenSubject,
  { client, server }: { readonly client: Client; readonly server: Server },
): Promise<string> => {
  takeSignature(subject.clientId, server);
  noteUse(subject.clientId, server);
  const claims = accessTokenClaims(subject, {
    issuer: server.config.issuer,
    now: server.clock(),
    lifetimeSeconds: server.config.lifetimes.accessTokenSeconds,
    random: server.random,
  });
  const offered = server.config.signing.algorithms;
  const algorithm = signingAlgorithmFor(client, offered) ?? signingAlgorithmAt(subject.resources, server.resources);
  return server.signer.sign(accessTokenType, claims, algorithm);
};

const lasting = (expiresAt: number | undefined) => (expiresAt === undefined ? {} : { expiresAt });

type Signed = { readonly accessToken: string; readonly idToken?: string };

type Issued = Signed & {
  readonly jkt: string | undefined;
  readonly refreshToken?: string | undefined;
  /** Of a token that must end before others would. */
  readonly expiresAt?: number | undefined;
};

export const tokenResponse = (
  { accessToken, refreshToken, idToken, jkt, expiresAt = Number.POSITIVE_INFINITY }: Issued,
  target: Target,
  server: Server,
): TokenResponse => ({
  access_token: accessToken,
  token_type: jkt === undefined ? 'Bearer' : 'DPoP',
  expires_in: Math.min(server.config.lifetimes.accessTokenSeconds, expiresAt - server.clock()),
  ...(target.scopes.length === 0 ? {} : { scope: target.scopes.join(' ') }),
  ...(target.details === undefined ? {} : { authorization_details: target.details }),
  ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  ...(idToken === undefined ? {} : { id_token: idToken }),
});
