/** What operators do is told to the audit log, however much of it there is: a row takes only so much. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, webMetadata } from '../../support/admin.ts';
import { permissionsOf } from '../../support/permissions.ts';
import { auditRows } from '../../support/rows.ts';
import { demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const ids = Array.from({ length: 110 }, (_, index) => `a-permission-with-a-rather-long-name-${index}`);
const resource = {
  identifier: `https://${'long.'.repeat(24)}example/v1`,
  name: 'Everything',
  permissions: permissionsOf(...ids),
};

/** As long as registrations may be. */
const addresses = Array.from({ length: 20 }, (_, index) => `https://app.example/${'x'.repeat(960)}/${index}`);
const largest = {
  ...webMetadata,
  scope: ids.join(' '),
  redirect_uris: addresses,
  post_logout_redirect_uris: addresses,
  ...Object.fromEntries(['de', 'fr', 'es', 'ja', 'ar'].map((one) => [`description#${one}`, 'd'.repeat(190)])),
};

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify([resource]) } });
  call = async (...args) => adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator))(...args);
});

afterAll(() => stack.stop());

const detailsOf = async (event: string): Promise<Readonly<Record<string, unknown>>> => {
  const row = (await auditRows(stack)).findLast((one) => one.event === event);
  return JSON.parse(String(row?.details));
};

it.each([{}, { 'idempotency-key': randomUUID() }])(
  'a service with as many addresses and permissions as there may be is registered and told of (%o)',
  async (headers) => {
    const created = await call('POST', 'apps', { body: largest, headers });
    expect([created.status, created.body.redirect_uris]).toEqual([201, addresses]);
    const { client } = await detailsOf('client.created');
    const { redirect_uris: told } = client as { readonly redirect_uris: readonly string[] };
    expect(told[0]).toBe(addresses[0]);
    expect(told.at(-1)).toMatch(/^and \d+ more$/);
  },
);

it('is changed and told of as well', async () => {
  const created = await call('POST', 'apps', { body: { ...webMetadata, scope: ids[0] } });
  const path = `apps/${created.body.client_id}`;
  const { headers } = await call('GET', path);
  const changed = await call('PUT', path, { body: largest, headers: { 'if-match': headers.get('etag') ?? '' } });
  expect(changed.status).toBe(200);
  expect(JSON.stringify(await detailsOf('client.updated'))).toMatch(/and \d+ more/);
});

const key = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) };
const quotes = (length: number): string => '"'.repeat(length);

it.each([
  ['jwks', { jwks: { keys: [{ ...key, x5c: ['c'.repeat(40_000)] }] } }],
  [
    'assent_token_exchange',
    {
      grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      assent_token_exchange: {
        from: Array.from({ length: 20 }, (_, index) => quotes(480) + index),
        to: [resource.identifier],
        may_act: Array.from({ length: 20 }, (_, index) => quotes(480) + index),
      },
    },
  ],
])('more %s than a row has room for is refused in words', async (member, more) => {
  const { status, body } = await call('POST', 'apps', { body: { ...webMetadata, scope: ids[0], ...more } });
  expect([status, body.error, body.error_description]).toEqual([
    400,
    'invalid_client_metadata',
    `${member}: is longer than 30000 characters`,
  ]);
});
