import { ManagedIdentityCredential } from '@azure/identity';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dataIdentity,
  signInIdentity,
  storageAudience,
  tenantId,
  tokenExchangeAudience,
  vaultAudience,
} from '../../local/identity/identities.ts';
import { type IdentityEndpoint, startIdentity } from '../../local/identity/identity.ts';

let identity: IdentityEndpoint;

beforeAll(async () => {
  identity = await startIdentity({ port: 0 });
  process.env.IDENTITY_ENDPOINT = identity.endpoint;
  process.env.IDENTITY_HEADER = identity.header;
});

afterAll(() => identity.stop());

describe('ManagedIdentityCredential', () => {
  it.each([
    [storageAudience, `https://sts.windows.net/${tenantId}/`],
    [vaultAudience, `https://sts.windows.net/${tenantId}/`],
    [tokenExchangeAudience, `https://login.microsoftonline.com/${tenantId}/v2.0`],
  ])('gets a token for %s whose issuer is %s', async (audience, issuer) => {
    const { clientId, principalId } = signInIdentity;
    const token = await new ManagedIdentityCredential({ clientId }).getToken(`${audience}/.default`);
    const { payload } = await jwtVerify(token.token, createLocalJWKSet({ keys: [...identity.keys] }), {
      audience,
      issuer,
    });
    expect(payload).toMatchObject({ sub: principalId, oid: principalId, appid: clientId, tid: tenantId });
    expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_600_000);
  });

  it('gets none for an identity that is not assigned', async () => {
    const credential = new ManagedIdentityCredential({ clientId: tenantId, retryOptions: { maxRetries: 0 } });
    await expect(credential.getToken(`${storageAudience}/.default`)).rejects.toThrow();
  });
});

describe('the endpoint', () => {
  const ask = (query: string, header: string) =>
    fetch(`${identity.endpoint}?${query}`, { headers: { 'x-identity-header': header } });
  const query = `api-version=2019-08-01&resource=${storageAudience}&client_id=${dataIdentity.clientId}`;

  it('wants its header, its version and a resource', async () => {
    expect((await ask(query, identity.header)).status).toBe(200);
    expect((await ask(query, 'guessed')).status).toBe(401);
    expect((await ask(query.replace('2019', '2017'), identity.header)).status).toBe(400);
    expect((await ask(query.replace('resource', 'scope'), identity.header)).status).toBe(400);
  });
});

describe('verify', () => {
  it('knows its own tokens, for their audience only', async () => {
    const token = await identity.issue(dataIdentity, vaultAudience);
    expect((await identity.verify(token, vaultAudience))?.sub).toBe(dataIdentity.principalId);
    expect(await identity.verify(token, storageAudience)).toBeUndefined();
  });

  it('refuses the token of another endpoint and what is no token', async () => {
    const other = await startIdentity({ port: 0 });
    const token = await other.issue(dataIdentity, vaultAudience);
    await other.stop();
    expect(decodeJwt(token).aud).toBe(vaultAudience);
    expect(await identity.verify(token, vaultAudience)).toBeUndefined();
    expect(await identity.verify('no.token.here', vaultAudience)).toBeUndefined();
  });
});
