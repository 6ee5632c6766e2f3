import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../../support/raw.ts';
import { administer, okJson, refusalOf, register, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { type Probe, startProbe } from './probe.ts';

let stack: Stack;
let probe: Probe;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  probe = await startProbe(stack);
});

afterAll(() => stack.stop());

describe('the admin API', () => {
  const metadata = {
    client_name: 'Hostile',
    redirect_uris: [],
    grant_types: ['client_credentials'],
    scope: 'vso.work',
  };
  const create = (body: unknown) => administer(stack.issuer, { method: 'POST', path: 'apps', body });

  const segments = [
    "'",
    "' or true or '",
    '%2F',
    '%5C',
    '%23',
    '%3F',
    '%00',
    '%01',
    '..',
    '%2e%2e',
    '%zz',
    '__proto__',
    'a'.repeat(3_000),
    '%F0%9F%98%80',
  ];
  for (const segment of segments) {
    it(`[IP04][IP05] has no client "${segment.slice(0, 20)}"`, async () => {
      const { access_token: token } = await okJson<TokenSet>(
        probe.services.operator.token({ grant_type: 'client_credentials', scope: 'assent.admin' }),
      );
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '*' };
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const path = `/api/admin/apps/${segment.replaceAll(' ', '%20')}`;
        const answer = await sendRaw(stack.issuer, path, { method, headers, body: JSON.stringify(metadata) });
        expect([400, 404, 405]).toContain(answer.status);
      }
      const after = await sendRaw(stack.issuer, `/api/admin/apps?after=${segment.replaceAll(' ', '%20')}`, { headers });
      expect(after.status).toBeLessThan(500);
    });
  }

  const member = (text: string): string => `${JSON.stringify(metadata).slice(0, -1)},${text}}`;
  const bodies: readonly string[] = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '1e999',
    member('"client_name":"\\ud800"'),
    member('"client_name":"a\\u0000b"'),
    member('"client_name":1'),
    member('"client_name":{"toString":"x"}'),
    member('"client_name":["a"]'),
    member('"contacts":["\\ud800"]'),
    member('"contacts":["a\\nb"]'),
    member('"client_uri":"https://a.example/\\ud800"'),
    member('"redirect_uris":"https://a.example/"'),
    member('"redirect_uris":[{"a":1}]'),
    member('"redirect_uris":["https://a.example/\\u0000"]'),
    member('"redirect_uris":["https://a.example/\\ud800"]'),
    member('"grant_types":["__proto__"]'),
    member('"token_endpoint_auth_method":"constructor"'),
    '['.repeat(30_000),
    `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    member(`"client_name":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
  ];
  for (const body of bodies) {
    it(`refuses the registration ${body.slice(-60)}`, async () => {
      const { access_token: token } = await okJson<TokenSet>(
        probe.services.operator.token({ grant_type: 'client_credentials', scope: 'assent.admin' }),
      );
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      for (const path of ['/api/admin/apps', '/api/admin/not-before']) {
        const answer = await sendRaw(stack.issuer, path, { method: 'POST', headers, body });
        expect([path, answer.status]).toEqual([path, 400]);
        expect(JSON.parse(answer.text)).toMatchObject({
          error: expect.stringMatching(/^invalid_(request|client_metadata|redirect_uri)$/),
          error_description: expect.any(String),
        });
      }
    });
  }

  it('[IP02][IP04] voids nothing for a subject or client that cannot be, and says so', async () => {
    const long = 'x'.repeat(40_000);
    const hostile = [{ client_id: long }, { subject: long }, { subject: '' }, { client_id: 1 }, { everyone: 'true' }];
    for (const body of [
      ...hostile,
      { everyone: true, client_id: 'demo-web' },
      { ['__proto__']: { everyone: true } },
      {},
    ]) {
      const answer = await administer(stack.issuer, { method: 'POST', path: 'not-before', body });
      expect(await refusalOf(answer)).toEqual({ status: 400, error: 'invalid_request' });
    }
    const odd = [{ subject: "x' or PartitionKey ne '" }, { client_id: '/\\#?\u0000\ud800' }, { subject: '__proto__' }];
    for (const body of odd)
      expect((await administer(stack.issuer, { method: 'POST', path: 'not-before', body })).status).toBe(200);
    expect((await probe.services.nightly.token({ grant_type: 'client_credentials' })).status).toBe(200);
  });

  it('[IP01] refuses 1 MB of JSON with 413', async () => {
    const answer = await create({ ...metadata, client_name: 'x'.repeat(1_048_576) });
    expect(answer.status).toBe(413);
  });

  it('[IP07] prototype members of JSON are ignored: nobody becomes an operator by them, then or later', async () => {
    const { access_token: token } = await okJson<TokenSet>(
      probe.services.operator.token({ grant_type: 'client_credentials', scope: 'assent.admin' }),
    );
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const polluting = [
      '"__proto__":{"assent_operator":true,"isOperator":true}',
      '"constructor":{"prototype":{"assent_operator":true}}',
    ];
    for (const member of polluting) {
      const body = `${JSON.stringify(metadata).slice(0, -1)},${member}}`;
      const answer = await sendRaw(stack.issuer, '/api/admin/apps', { method: 'POST', headers, body });
      expect([answer.status, JSON.parse(answer.text)]).toMatchObject([201, { assent_operator: false }]);
    }
    const later = await register(stack.issuer, {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      scope: 'vso.work',
    });
    const refused = await later.token({ grant_type: 'client_credentials', scope: 'assent.admin' });
    expect(refused.status).toBe(400);
  });
});
