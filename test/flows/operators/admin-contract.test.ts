/** What every operation of the admin API has in common: roles, problems, versions, pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '../../../src/functions/admin/operations.ts';
import { type Admin, adminWith, ownTokenOf, webMetadata } from '../../support/admin.ts';
import { demoServices, register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;
let audit: Admin;

beforeAll(async () => {
  stack = await startStack();
  call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
  const auditor = await register(stack.issuer, {
    redirect_uris: [],
    grant_types: ['client_credentials'],
    scope: 'assent.audit',
    assent_operator: true,
  });
  audit = adminWith(stack.issuer, await ownTokenOf(auditor));
});

afterAll(() => stack.stop());

const pathOf = (route: string): string => route.replaceAll(/\{\w+\}/g, 'demo-web');

describe('auditors', () => {
  it.each(operations.filter(({ role }) => role === 'operator'))('may not: $method $route', async (one) => {
    const answer = await audit(one.method, pathOf(one.route), { body: {} });
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it.each(operations.filter(({ role }) => role === 'auditor'))('may: $method $route', async (one) => {
    const sent = one.method === 'GET' ? {} : { body: {} };
    expect([200, 400, 404]).toContain((await audit(one.method, pathOf(one.route), sent)).status);
  });

  it('get no more than they may have by asking for more', async () => {
    const metadata = { redirect_uris: [], grant_types: ['client_credentials'], assent_operator: true };
    const auditor = await register(stack.issuer, { ...metadata, scope: 'assent.audit' });
    const refused = await auditor.token({ grant_type: 'client_credentials', scope: 'assent.admin' });
    expect(await refused.json()).toMatchObject({ error: 'invalid_scope' });
  });
});

describe('a refusal', () => {
  const refused: readonly [string, string, string, Parameters<Admin>[2], number, string][] = [
    ['what is not there', 'GET', 'apps/nobody', {}, 404, 'not_found'],
    ['an address where nothing is', 'GET', 'nothing/here', {}, 404, 'not_found'],
    ['no token', 'GET', 'apps', { bearer: '' }, 401, 'missing_token'],
    ['a wrong token', 'GET', 'apps', { bearer: 'x.y.z' }, 401, 'invalid_token'],
    ['a body that is none', 'POST', 'apps', { body: '{' }, 400, 'invalid_request'],
    ['a body that does not fit', 'POST', 'apps', { body: {} }, 400, 'invalid_client_metadata'],
    ['a method that is not there', 'PATCH', 'apps', {}, 405, 'method_not_allowed'],
    ['no version', 'DELETE', 'apps/demo-web', { headers: { 'if-match': '' } }, 428, 'precondition_required'],
    ['another version', 'DELETE', 'apps/demo-web', { headers: { 'if-match': '"x"' } }, 412, 'precondition_failed'],
    ['one of what has none', 'POST', 'not-before', { headers: { 'if-match': '"x"' } }, 412, 'precondition_failed'],
  ];

  it.each(refused)('is a problem with the id of the request: %s', async (_name, method, path, sent, status, code) => {
    const answer = await call(method, path, sent);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    const { error_description: description } = answer.body;
    expect(answer.body).toEqual({
      type: `${stack.issuer}/api/openapi.json#/components/responses/${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: description,
      correlation_id: expect.stringMatching(/^[\w-]{8,}$/),
      error: expect.any(String),
      error_description: expect.any(String),
    });
  });
});

describe('what can be changed has a version', () => {
  const tagOf = async (path: string): Promise<string> => (await call('GET', path)).headers.get('etag') ?? '';
  const renamed = (name: string) => ({ ...webMetadata, client_name: name });

  it('which lets one of two operators change it, and tells the other', async () => {
    const made = await call('POST', 'apps', { body: webMetadata });
    const path = `apps/${made.body.client_id}`;
    const version = await tagOf(path);
    expect(version).toMatch(/^"[\w-]{22}"$/);
    const headers = { 'if-match': version };
    const first = await call('PUT', path, { body: renamed('First'), headers });
    expect(first.status).toBe(200);
    expect(await tagOf(path)).not.toBe(version);
    const second = await call('PUT', path, { body: renamed('Second'), headers });
    expect(second).toMatchObject({ status: 412, body: { error: 'precondition_failed' } });
    expect((await call('DELETE', path, { headers })).status).toBe(412);
    expect((await call('GET', path)).body.client_name).toBe('First');
    const listed = { 'if-match': `"other", ${await tagOf(path)}` };
    expect((await call('DELETE', path, { headers: listed })).status).toBe(204);
  });

  it('and must be named: nobody overwrites what they have not read by mistake', async () => {
    const { body } = await call('POST', 'apps', { body: webMetadata });
    for (const value of ['', ' '])
      expect(
        (await call('PUT', `apps/${body.client_id}`, { body: renamed('X'), headers: { 'if-match': value } })).status,
      ).toBe(428);
    expect((await call('PUT', `apps/${body.client_id}`, { body: renamed('X') })).status).toBe(200);
  });

  it('is raced for by ten at once: one of them wins', async () => {
    const made = await call('POST', 'apps', { body: webMetadata });
    const headers = { 'if-match': await tagOf(`apps/${made.body.client_id}`) };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        call('PUT', `apps/${made.body.client_id}`, { body: renamed(`Name ${index}`), headers }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 409, 412].includes(status))).toBe(true);
  });
});

describe('a list', () => {
  it('is read in pages of the size that was asked for, each naming the next', async () => {
    const ids: unknown[] = [];
    let next: unknown = '';
    while (next !== undefined) {
      const query = new URLSearchParams({ limit: '3', ...(next === '' ? {} : { after: String(next) }) });
      const { body } = await call('GET', `apps?${query}`);
      const apps = body.apps as { client_id: string }[];
      expect(apps.length).toBeLessThanOrEqual(3);
      ids.push(...apps.map((one) => one.client_id));
      next = body.next;
    }
    expect(ids).toEqual(expect.arrayContaining(['demo-web', 'demo-native', 'local-operator']));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(['x', '0'.repeat(32), 'AAAA', 'a'.repeat(3_000)])(
    'takes no cursor that it did not make: %.20s',
    async (after) => {
      expect(await call('GET', `apps?after=${after}`)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    },
  );

  it.each(['0', '101', '-1', '1.5', 'x'])('takes no size of %s', async (limit) => {
    expect((await call('GET', `apps?limit=${limit}`)).status).toBe(400);
  });
});
