/** What Entra ID gives the Azure CLI for the application that people sign in through: an access token, version 2.0. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { tenantId } from '../identity/identities.ts';
import { findUser, type User } from './users.ts';

/** Client id of the Azure CLI, in every tenant. */
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const lifetimeSeconds = 4_500;

export type ProviderKey = { readonly privateKey: CryptoKey; readonly jwk: JWK; readonly kid: string };

/** New at each start. */
export const newProviderKey = async (): Promise<ProviderKey> => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return { privateKey, jwk: { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid }, kid };
};

/** Gives a person's token; claims that are named replace those that it would have, and undefined leaves one out. */
export type PersonToken = (login: string, claims?: Readonly<Record<string, unknown>>) => Promise<string>;

type Options = { readonly key: ProviderKey; readonly issuer: string; readonly clientId: string };

/** Rejects for a person whom nobody knows. */
export const createPersonToken =
  ({ key, issuer, clientId }: Options): PersonToken =>
  async (login, claims = {}) => {
    const user = findUser(login);
    if (user === undefined) throw new Error(`there is no ${login}`);
    return new SignJWT({ ...usualClaims(user), iss: issuer, aud: clientId, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
      .sign(key.privateKey);
  };

const usualClaims = ({ subject, objectId, name, preferredUsername, roles }: User) => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iat: now,
    nbf: now,
    exp: now + lifetimeSeconds,
    azp: azureCli,
    azpacr: '0',
    name,
    oid: objectId,
    preferred_username: preferredUsername,
    ...(roles.length > 0 && { roles }),
    scp: 'Admin.Manage',
    sub: subject,
    tid: tenantId,
    uti: randomUUID(),
    ver: '2.0',
  };
};
