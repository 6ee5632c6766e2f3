/** The directory that the local world pretends to have: one tenant and the two identities that `infra/` creates. */

export type Identity = {
  /** What the app's settings name. */
  readonly clientId: string;
  /** Object id in the directory: `oid` and `sub` of its tokens. */
  readonly principalId: string;
};

export const tenantId = '7f0f6f4e-0a52-4a3b-9c5e-1d2b6a1c7e10';

/** Reads and writes the tables, signs with the vault's key. */
export const dataIdentity: Identity = {
  clientId: 'a1a5b1f0-52a7-4c0e-8b57-3f6d51d4e001',
  principalId: 'c3f2d9a4-7a10-4f0a-9a64-8f2f7b7ce002',
};

/** Only proves, to the OpenID Provider, that the sign-in application is asking. */
export const signInIdentity: Identity = {
  clientId: 'b2b6c2e1-63b8-4d1f-9c68-4a7e62e5f003',
  principalId: 'd4a3e0b5-8b21-4a1b-8b75-9a3a8c8df004',
};

export const identities: readonly Identity[] = [dataIdentity, signInIdentity];

export const storageAudience = 'https://storage.azure.com';
export const vaultAudience = 'https://vault.azure.net';
export const mailAudience = 'https://communication.azure.com';
export const tokenExchangeAudience = 'api://AzureADTokenExchange';

/** Resource tokens carry the directory's v1 issuer (Azurite insists on it); assertions for federation the v2 one. */
export const issuerFor = (audience: string): string =>
  audience === tokenExchangeAudience
    ? `https://login.microsoftonline.com/${tenantId}/v2.0`
    : `https://sts.windows.net/${tenantId}/`;
