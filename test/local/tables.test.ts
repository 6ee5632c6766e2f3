import { mkdtemp, rm } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Certificate, makeCertificate } from '../../local/certificate.ts';
import { dataIdentity, storageAudience, vaultAudience } from '../../local/identity/identities.ts';
import { type IdentityEndpoint, startIdentity } from '../../local/identity/identity.ts';
import { startTables, type Tables } from '../../local/tables.ts';
import { startTableProxy, type TableProxy } from '../support/table-proxy.ts';

const target = 9900 + Math.floor(Math.random() * 90);

let folder: string;
let certificate: Certificate;
let identity: IdentityEndpoint;
let tables: Tables;
let proxy: TableProxy;
let token: string;
let row = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-tables-'));
  certificate = await makeCertificate(folder);
  identity = await startIdentity({ port: 0 });
  token = await identity.issue(dataIdentity, storageAudience);
  tables = await startTables({ port: target, certificate, token: async () => token });
  proxy = await startTableProxy({ port: 0, target, certificate });
});

beforeEach(() => {
  proxy.rule = undefined;
  proxy.requests.length = 0;
  row += 1;
});

afterAll(async () => {
  await proxy.stop();
  await tables.stop();
  await identity.stop();
  await rm(folder, { recursive: true });
});

type Answer = { readonly status: number; readonly headers: Readonly<Record<string, unknown>> };

const call = (method: string, path: string, body = '', bearer = token): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers: OutgoingHttpHeaders = {
      accept: 'application/json;odata=nometadata',
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      'x-ms-version': '2019-02-02',
      prefer: 'return-no-content',
    };
    const url = `https://localhost:${proxy.port}/devstoreaccount1${path}`;
    const sent = request(url, {
      method,
      headers,
      ca: certificate.authority,
      agent: false,
      signal: AbortSignal.timeout(1000),
    });
    sent.on('error', reject).on('response', (response) => {
      response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    });
    sent.end(body);
  });

const insert = () => call('POST', '/users', JSON.stringify({ PartitionKey: 'p', RowKey: String(row) }));

const isStored = async (): Promise<boolean> => {
  proxy.rule = undefined;
  return (await call('GET', `/users(PartitionKey='p',RowKey='${row}')`)).status === 200;
};

describe('the table emulator', () => {
  it('has its tables and takes tokens for storage only', async () => {
    expect((await insert()).status).toBe(204);
    const wrong = await identity.issue(dataIdentity, vaultAudience);
    expect((await call('GET', '/users', '', wrong)).status).toBe(403);
  });
});

describe('the table proxy', () => {
  it('records requests and what became of them', async () => {
    await insert();
    const body = expect.stringContaining(`"RowKey":"${row}"`);
    expect(proxy.requests).toEqual([{ method: 'POST', path: '/users', bodyStart: body, fault: 'pass', status: 204 }]);
  });

  it.each([
    ['reset-before', false],
    ['hang', false],
    ['reset-after-commit', true],
    ['hang-after-commit', true],
  ] as const)('%s: no answer arrives, and the row is stored: %s', async (kind, stored) => {
    proxy.rule = () => ({ kind });
    await expect(insert()).rejects.toThrow();
    expect(await isStored()).toBe(stored);
  });

  it('status-500-after-commit: the row is stored all the same', async () => {
    proxy.rule = () => ({ kind: 'status-500-after-commit' });
    expect((await insert()).status).toBe(500);
    expect(await isStored()).toBe(true);
  });

  it('throttle: 503, with Retry-After where told, and nothing is stored', async () => {
    proxy.rule = () => ({ kind: 'throttle', retryAfterSeconds: 7 });
    expect(await insert()).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
    proxy.rule = () => ({ kind: 'throttle' });
    expect((await insert()).headers['retry-after']).toBeUndefined();
    expect(await isStored()).toBe(false);
  });

  it('delay: the answer comes late', async () => {
    proxy.rule = () => ({ kind: 'delay', milliseconds: 200 });
    const before = performance.now();
    expect((await insert()).status).toBe(204);
    expect(performance.now() - before).toBeGreaterThan(190);
  });
});
