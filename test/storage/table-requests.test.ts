/** What we send to Table Storage ourselves is what the SDK would send. */
import { odata, TableClient } from '@azure/data-tables';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/storage/change.ts';
import { openTable } from '../../src/storage/table.ts';
import { headersFrom } from '../../src/transport/headers.ts';
import type { HttpClient, Request } from '../../src/transport/http-client.ts';

const url = 'https://account.table.core.windows.net';
const credential = { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) };

type Sent = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

/** Differs from one request to the next, or says what the SDK can unpack and we do not. */
const ownHeaders = new Set(['x-ms-client-request-id', 'accept-encoding']);

/** Boundaries are random. */
const withoutIds = (text: string): string => text.replaceAll(/(batch|changeset)_[\da-f-]{36}/g, '$1');

const sentOf = ({ method, url: address, headers, body }: Request): Sent => ({
  method,
  url: address,
  headers: Object.fromEntries(
    Object.entries(headers.toJSON())
      .map(([name, value]) => [name.toLowerCase(), withoutIds(value)] as const)
      .filter(([name]) => !ownHeaders.has(name))
      .toSorted(),
  ),
  body: typeof body === 'string' ? withoutIds(body) : (body ?? undefined),
});

/** Does `action` and returns the one request that it sent; what it makes of the answer is not looked at. */
const requestOf = async (action: (httpClient: HttpClient) => Promise<unknown>): Promise<Sent> => {
  const sent: Request[] = [];
  const httpClient: HttpClient = {
    sendRequest: async (request) => {
      sent.push(request);
      return { status: 204, headers: headersFrom(), bodyAsText: '{"value":[]}', request };
    },
  };
  await action(httpClient).catch(() => undefined);
  expect(sent.map((request) => request.requestId)).toEqual([expect.stringMatching(/^[\da-f-]{36}$/)]);
  return sentOf(sent[0] as Request);
};

const oursOf = (table: 'users', httpClient: HttpClient) =>
  openTable(table, { url, credential, insecureLoopback: false, httpClient });

const theirs = (httpClient: HttpClient) =>
  new TableClient(url, 'users', credential, { httpClient, retryOptions: { maxRetries: 0 } });

const keys = { partitionKey: "it's 100%", rowKey: "grant:a b+c=ü/&'(*)!~,;@$|`" };
const row = { ...keys, text: 'ü "quoted" \u2028', count: 3, share: 1.5, flag: false, absent: undefined };
const etag = 'W/"datetime\'2026-01-01T00%3A00%3A00Z\'"';

/** As the SDK hands it out. */
const continuation = Buffer.from(JSON.stringify({ nextPartitionKey: "1!8!YWI-'=", nextRowKey: '1!4!Yw+/' })).toString(
  'base64',
);

const pageOf = (
  httpClient: HttpClient,
  query: { readonly filter: string; readonly size: number; readonly after?: string },
) =>
  theirs(httpClient)
    .listEntities({ queryOptions: { filter: query.filter } })
    .byPage({ maxPageSize: query.size, ...(query.after !== undefined && { continuationToken: query.after }) })
    .next();

type Sending = (httpClient: HttpClient) => Promise<unknown>;

const writes = (...changes: readonly Change[]): Sending => {
  return (httpClient) => oursOf('users', httpClient).write(changes);
};

/** What it is, how we send it, and how the SDK is asked for it. */
const requests: readonly (readonly [string, Sending, Sending])[] = [
  [
    'a point read',
    (client) => oursOf('users', client).read(keys.partitionKey, keys.rowKey),
    (client) => theirs(client).getEntity(keys.partitionKey, keys.rowKey),
  ],
  ['an insert', writes({ insert: row }), (client) => theirs(client).createEntity(row)],
  [
    'an update of the row as it was read',
    writes({ update: row, etag }),
    (client) => theirs(client).updateEntity(row, 'Merge', { etag }),
  ],
  [
    'an update in any case',
    writes({ merge: row }),
    (client) => theirs(client).updateEntity(row, 'Merge', { etag: '*' }),
  ],
  ['an upsert', writes({ upsert: row }), (client) => theirs(client).upsertEntity(row, 'Merge')],
  [
    'a removal in any case',
    writes({ remove: keys }),
    (client) => theirs(client).deleteEntity(keys.partitionKey, keys.rowKey),
  ],
  [
    'a removal of the row as it was read',
    (client) => oursOf('users', client).remove({ ...keys, etag }),
    (client) => theirs(client).deleteEntity(keys.partitionKey, keys.rowKey, { etag }),
  ],
  [
    'the first page of a range',
    (client) => oursOf('users', client).range("it's", 'grant:', 'grant;'),
    (client) =>
      pageOf(client, {
        filter: odata`PartitionKey eq ${"it's"} and RowKey ge ${'grant:'} and RowKey lt ${'grant;'}`,
        size: 1_000,
      }),
  ],
  [
    'a further page of rows that are over',
    (client) => oursOf('users', client).page('0', 'f', { size: 5, after: continuation, overBefore: 1_800_000_000 }),
    (client) =>
      pageOf(client, {
        filter: odata`PartitionKey ge ${'0'} and PartitionKey lt ${'f'} and keepUntil le ${1_800_000_000}`,
        size: 5,
        after: continuation,
      }),
  ],
  [
    'a transaction of every kind of change',
    writes({ insert: row }, { update: row, etag }, { merge: row }, { upsert: row }, { remove: keys }),
    (client) =>
      theirs(client).submitTransaction([
        ['create', row],
        ['update', row, 'Merge', { etag }],
        ['update', row, 'Merge', { etag: '*' }],
        ['upsert', row, 'Merge'],
        ['delete', keys],
      ]),
  ],
];

describe('requests to Table Storage', () => {
  it.each(requests)('are sent as the SDK sends them: %s', async (_name, ours, sdk) => {
    const sent = await requestOf(ours);
    expect(sent).toEqual(await requestOf(sdk));
    expect(sent.headers).toMatchObject({
      authorization: 'Bearer token',
      'user-agent': expect.stringMatching(/^azsdk/),
    });
  });

  it('go on where the answer said, as the SDK does', async () => {
    const headers = { 'x-ms-continuation-NextPartitionKey': "1!8!YWI-'=", 'x-ms-continuation-NextRowKey': '1!4!Yw+/' };
    const httpClient: HttpClient = {
      sendRequest: async (request) => ({
        status: 200,
        headers: headersFrom(headers),
        bodyAsText: '{"value":[]}',
        request,
      }),
    };
    const { next } = await oursOf('users', httpClient).page('0', 'f', { size: 5, after: undefined });
    expect(next).toBe(continuation);
  });

  it('of tables that are opened together go to each its own, with one token', async () => {
    const [urls, scopes]: [string[], unknown[]] = [[], []];
    const httpClient: HttpClient = {
      sendRequest: async (request) => {
        urls.push(request.url);
        return { status: 200, headers: headersFrom(), bodyAsText: '{}', request };
      },
    };
    const counting = {
      getToken: (scope: string | string[]) => {
        scopes.push(scope);
        return credential.getToken();
      },
    };
    const options = { url, credential: counting, insecureLoopback: false, httpClient, pipelines: new Map() };
    for (const name of ['users', 'clients']) await openTable(name, options).read('p', 'r');
    expect(urls).toEqual(['users', 'clients'].map((name) => `${url}/${name}(PartitionKey='p',RowKey='r')`));
    expect(scopes).toHaveLength(1);
  });

  it('take an address with a slash at its end, as the SDK does', async () => {
    const read = (address: string): Sending => {
      return (httpClient) =>
        openTable('users', { url: address, credential, insecureLoopback: false, httpClient }).read('p', 'r');
    };
    expect((await requestOf(read(`${url}/`))).url).toBe((await requestOf(read(url))).url);
  });
});
