import { constants, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyClient } from '@azure/keyvault-keys';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startVault, type Vault, type VaultOptions } from '../../local/vault/vault.ts';

const start = async (options: Partial<VaultOptions> = {}): Promise<Vault> => {
  const vault = await startVault({ port: 0, verifyToken: async (token) => token === 'good', ...options });
  onTestFinished(() => vault.stop());
  return vault;
};

const clientOf = (vault: Vault, token = 'good'): KeyClient =>
  new KeyClient(
    vault.url,
    { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    { allowInsecureConnection: true, disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } },
  );

const authorized = { authorization: 'Bearer good', 'content-type': 'application/json' };
const apiVersion = 'api-version=2025-07-01';

describe('the Key Vault emulator', () => {
  test('challenges a request without a token, or with a wrong one', async () => {
    const vault = await start();
    const version = await vault.createKey('k', { kty: 'EC' });
    for (const headers of [{}, { authorization: 'Bearer bad' }, { authorization: 'Basic good' }]) {
      for (const [method, path] of [
        ['GET', 'k'],
        ['GET', 'k/versions'],
        ['POST', `k/${version}/sign`],
      ] as const) {
        const response = await fetch(`${vault.url}/keys/${path}?${apiVersion}`, { method, headers });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toMatch(
          /^Bearer authorization=".+", resource="https:\/\/vault/,
        );
        expect(await response.json()).toMatchObject({ error: { code: 'Unauthorized' } });
      }
    }
    await expect(clientOf(vault, 'bad').getKey('k')).rejects.toMatchObject({ statusCode: 401 });
    expect(vault.faults.counts).toMatchObject({ get: 0, list: 0, sign: 0 });
  });

  test('gives the newest version or a named one, without private members', async () => {
    const vault = await start();
    const first = await vault.createKey('k', { kty: 'RSA', createdAt: 1_000_000_000 });
    const second = await vault.rotate('k', { createdAt: 1_000_000_100, notBefore: 5, expiresAt: 2_000_000_000 });
    const client = clientOf(vault);
    expect((await client.getKey('k')).properties).toMatchObject({
      version: second,
      enabled: true,
      createdOn: new Date(1_000_000_100_000),
      notBefore: new Date(5_000),
      expiresOn: new Date(2_000_000_000_000),
    });
    const named = await client.getKey('k', { version: first });
    expect(named.properties.version).toBe(first);
    expect(
      Object.keys(named.key ?? {})
        .filter((name) => named.key?.[name as 'd'] !== undefined)
        .sort(),
    ).toEqual(['e', 'keyOps', 'kid', 'kty', 'n']);
  });

  test('creating an existing key changes nothing', async () => {
    const vault = await start();
    const version = await vault.createKey('k', { kty: 'EC' });
    expect(await vault.createKey('k', { kty: 'EC' })).toBe(version);
    expect(vault.versions('k')).toHaveLength(1);
  });

  test('lists versions in pages', async () => {
    const vault = await start();
    const ids = [await vault.createKey('k', { kty: 'EC' })];
    for (let count = 0; count < 60; count += 1) ids.push(await vault.rotate('k'));
    const listed: (string | undefined)[] = [];
    for await (const { version } of clientOf(vault).listPropertiesOfKeyVersions('k')) listed.push(version);
    expect(listed.sort()).toEqual(ids.sort());
    expect(vault.faults.counts.list).toBe(3);
  });

  test('rotates and updates over its API', async () => {
    const vault = await start();
    const first = await vault.createKey('k', { kty: 'EC', createdAt: 1_000_000_000 });
    const client = clientOf(vault);
    const second = (await client.rotateKey('k')).properties.version;
    expect(second).not.toBe(first);
    await client.updateKeyProperties('k', first, { enabled: false, expiresOn: new Date(2_000_000_000_000) });
    expect((await client.getKey('k', { version: first })).properties).toMatchObject({
      enabled: false,
      expiresOn: new Date(2_000_000_000_000),
    });
  });

  const algorithms = [
    { algorithm: 'RS256', kty: 'RSA', bytes: 256, options: {} },
    {
      algorithm: 'PS256',
      kty: 'RSA',
      bytes: 256,
      options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    },
    { algorithm: 'ES256', kty: 'EC', bytes: 64, options: { dsaEncoding: 'ieee-p1363' } },
  ] as const;
  test.each(algorithms)(
    '$algorithm: signs what its public key verifies',
    async ({ algorithm, kty, bytes, options }) => {
      const vault = await start();
      await vault.createKey('k', { kty });
      const response = await fetch(`${vault.url}/keys/k?${apiVersion}`, { headers: authorized });
      const { key: jwk } = (await response.json()) as { key: JsonWebKey };
      const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), ...options };
      const signer = clientOf(vault).getCryptographyClient('k');
      for (let count = 0; count < 20; count += 1) {
        const text = Buffer.from(`text ${count}`);
        const { result } = await signer.signData(algorithm, text);
        expect(result).toHaveLength(bytes);
        expect(verify('sha256', text, key, result)).toBe(true);
      }
      vault.faults.rule = () => ({ kind: 'wrong-signature' });
      const { result } = await signer.signData(algorithm, Buffer.from('text'));
      expect(verify('sha256', Buffer.from('text'), key, result)).toBe(false);
    },
  );

  const forbidden = [
    { when: 'disabled', attributes: {}, enabled: false, code: 'KeyDisabled' },
    { when: 'not yet valid', attributes: { notBefore: 2_000_000_000 }, enabled: true, code: 'KeyNotYetValid' },
    { when: 'expired', attributes: { expiresAt: 1_700_000_000 }, enabled: true, code: 'KeyExpired' },
  ];
  test.each(forbidden)('a version that is $when signs nothing', async ({ attributes, enabled, code }) => {
    const vault = await start({ clock: () => 1_780_000_000 });
    const version = await vault.createKey('k', { kty: 'EC', ...attributes });
    vault.setEnabled('k', version, enabled);
    const response = await post(vault, `k/${version}/sign`, {
      alg: 'ES256',
      value: Buffer.alloc(32).toString('base64url'),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'Forbidden', innererror: { code } } });
    expect(response.headers.get('date')).toBe(new Date(1_780_000_000_000).toUTCString());
  });

  const malformed = [
    { what: 'an algorithm of another key type', body: { alg: 'RS256', value: 'A'.repeat(43) }, status: 400 },
    { what: 'an unknown algorithm', body: { alg: 'none', value: 'A'.repeat(43) }, status: 400 },
    { what: 'a digest of another length', body: { alg: 'ES256', value: 'AAAA' }, status: 400 },
    { what: 'a body that is no object', body: 'text', status: 400 },
  ];
  test.each(malformed)('refuses $what', async ({ body, status }) => {
    const vault = await start();
    const version = await vault.createKey('k', { kty: 'EC' });
    const response = await post(vault, `k/${version}/sign`, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: 'BadParameter' } });
  });

  test('knows no other keys, versions or operations', async () => {
    const vault = await start();
    await vault.createKey('k', { kty: 'EC' });
    for (const path of ['other', 'k/0123']) {
      const response = await fetch(`${vault.url}/keys/${path}?${apiVersion}`, { headers: authorized });
      expect([response.status, await response.json()]).toMatchObject([404, { error: { code: 'KeyNotFound' } }]);
    }
    expect((await post(vault, 'k/create', {})).status).toBe(404);
    expect((await fetch(`${vault.url}/keys/k`, { headers: authorized })).status).toBe(400);
  });

  test('keeps keys in its data file, readable by its owner only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vault-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const dataFile = join(folder, 'data', 'vault.json');
    const first = await start({ dataFile });
    const version = await first.createKey('k', { kty: 'RSA', createdAt: 1_000_000_000 });
    const { key } = await clientOf(first).getKey('k');
    await first.stop();
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
    const second = await start({ dataFile });
    expect(await second.createKey('k', { kty: 'RSA' })).toBe(version);
    expect((await clientOf(second).getKey('k')).key?.n).toEqual(key?.n);
  });

  test('stops at once while requests hang', async () => {
    const vault = await start();
    await vault.createKey('k', { kty: 'EC' });
    vault.faults.rule = () => ({ kind: 'hang' });
    const hanging = expect(fetch(`${vault.url}/keys/k?${apiVersion}`, { headers: authorized })).rejects.toThrow();
    await expect.poll(() => vault.faults.counts.get).toBe(1);
    await vault.stop();
    await hanging;
  });

  test('faults: throttles, delays, fails, and says which request it is about', async () => {
    const vault = await start();
    const version = await vault.createKey('k', { kty: 'EC' });
    const get = () => fetch(`${vault.url}/keys/k/${version}?${apiVersion}`, { headers: authorized });
    vault.faults.rule = (request) => {
      expect(request).toEqual({ operation: 'get', key: 'k', version });
      return { kind: 'throttle', retryAfterSeconds: 4 };
    };
    const throttled = await get();
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '4']);
    vault.faults.rule = () => ({ kind: 'throttle' });
    expect((await get()).headers.get('retry-after')).toBeNull();
    vault.faults.rule = () => ({ kind: 'status', status: 503 });
    expect((await get()).status).toBe(503);
    vault.faults.rule = () => ({ kind: 'delay', milliseconds: 30 });
    const startedAt = performance.now();
    expect((await get()).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(25);
  });
});

const post = (vault: Vault, path: string, body: unknown): Promise<Response> =>
  fetch(`${vault.url}/keys/${path}?${apiVersion}`, { method: 'POST', headers: authorized, body: JSON.stringify(body) });
