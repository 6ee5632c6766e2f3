import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendBytes, sendRaw } from '../../support/raw.ts';
import { okJson } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { type Pair, patienceMilliseconds, sendTo } from './endpoints.ts';
import { type Probe, startProbe } from './probe.ts';

let stack: Stack;
let probe: Probe;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  probe = await startProbe(stack);
});

afterAll(() => stack.stop());

describe('requests that are none', () => {
  for (const method of ['PROPFIND', 'TRACE', 'SEARCH', 'PURGE', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
    it(`${method} is answered everywhere, and nowhere with 5xx`, async () => {
      for (const path of ['/authorize', '/consent', '/token', '/revoke', '/introspect', '/api/admin/apps', '/', '/x']) {
        const answer = await sendRaw(stack.issuer, `${path}?client_id=demo-web`, { method });
        expect([path, answer.status < 500]).toEqual([path, true]);
        if (answer.status === 405) expect(answer.headers.allow).toMatch(/GET|POST/);
      }
    });
  }

  it('[IP11] a length and chunks at once, or two lengths, are refused by the HTTP server', async () => {
    const head = 'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n';
    const smuggled = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\na=b&c`,
      `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      'FOO\r\n\r\n',
      'GET /x\r\n\r\n',
    ];
    for (const bytes of smuggled) expect(await sendBytes(stack.issuer, bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });

  for (const target of [
    '/%',
    '/%zz',
    '/%00',
    '/token/%2e%2e/%2e%2e',
    '//token',
    '/token//',
    '/..%2f..',
    '/authorize%00',
    '/\\token',
    '/%ED%A0%80',
  ]) {
    it(`${target} is no path of ours, and no 5xx`, async () => {
      const answer = await sendRaw(stack.issuer, target, { method: 'POST', headers: { 'content-type': 'text/plain' } });
      expect(answer.status).toBeLessThan(500);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    });
  }

  it('[IP10] long crafted scopes, redirect URIs, user agents and credentials take no time', async () => {
    const crafted = [
      `${'a '.repeat(15_000)}!`,
      `${'.'.repeat(40_000)}!`,
      `http://127.0.0.1:${'1'.repeat(40_000)}/`,
      '%2520'.repeat(8_000),
    ];
    const target = probe.target('authorize (POST)');
    for (const value of crafted) {
      for (const name of ['scope', 'redirect_uri', 'resource', 'code_challenge', 'prompt']) {
        const parameters = target.parameters.map(
          ([one, old]): Pair => [one, one === name ? encodeURIComponent(value) : old],
        );
        const startedAt = performance.now();
        const answers = [
          await sendTo(stack, target, parameters),
          await sendTo(stack, probe.target('consent'), parameters),
          await sendTo(stack, probe.target('token (refresh)'), [
            ['grant_type', 'refresh_token'],
            [name, encodeURIComponent(value)],
          ]),
        ];
        expect(performance.now() - startedAt).toBeLessThan(patienceMilliseconds);
        for (const answer of answers) expect(answer.status).toBeLessThan(500);
      }
    }
    for (const header of [
      'user-agent',
      'authorization',
      'content-type',
      'cookie',
      'accept',
      'x-forwarded-for',
      'if-none-match',
    ]) {
      const startedAt = performance.now();
      for (const value of [
        `Basic ${'='.repeat(12_000)}`,
        `Basic ${'A'.repeat(12_000)}!`,
        ';'.repeat(12_000),
        `${'a='.repeat(6_000)}`,
      ]) {
        const answer = await sendRaw(stack.issuer, '/token', {
          method: 'POST',
          headers: { [header]: value },
          body: 'a=b',
        });
        expect(answer.status).toBeLessThan(500);
      }
      expect(performance.now() - startedAt).toBeLessThan(patienceMilliseconds);
    }
  });

  it('[IP02] 10,000 scopes are refused without a look at storage', async () => {
    probe.tableCalls();
    const scope = Array.from({ length: 10_000 }, (_, index) => index.toString(36)).join(' ');
    const answer = await probe.services.nightly.token({ grant_type: 'client_credentials', scope });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'invalid_scope']);
    expect(probe.tableCalls()).toEqual([]);
  });

  it('[IP04] forged tokens with hostile kid, jti, sid, sub and client_id are unknown tokens', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hostile = [
      '../../etc/passwd',
      "x' or PartitionKey ne '",
      '\u0000',
      '\ud800',
      'a'.repeat(1_000),
      '__proto__',
      '/\\#?',
    ];
    for (const value of hostile) {
      const header = { alg: 'RS256', typ: 'at+jwt', kid: value };
      const payload = {
        iss: stack.issuer,
        sub: value,
        client_id: value,
        sid: value,
        jti: value,
        aud: value,
        iat: 1,
        exp: 1e10,
      };
      const token = `${encode(header)}.${encode(payload)}.${Buffer.from('x'.repeat(256)).toString('base64url')}`;
      expect(await okJson(probe.services.web.introspect({ token }))).toEqual({ active: false });
      expect((await probe.services.web.revoke({ token })).status).toBe(200);
      const admin = await fetch(`${stack.issuer}/api/admin/apps`, { headers: { authorization: `Bearer ${token}` } });
      expect(admin.status).toBe(401);
    }
  });

  it('[IP04][IP05] hostile cookies are nobody’s', async () => {
    const hostile = [
      '../..',
      "x' or PartitionKey ne '",
      '%00',
      'A'.repeat(86),
      'A'.repeat(4_000),
      '"quoted"',
      '__proto__',
      '=',
      '{}',
    ];
    for (const value of hostile) {
      const headers = { cookie: `assent-session=${value}; assent-signin-${value}=${value}` };
      const answer = await sendRaw(stack.issuer, '/authorizations', { headers });
      expect([value, answer.status]).toEqual([value, 303]);
      expect(answer.headers.location).toContain(stack.provider.issuer);
    }
  });
});
