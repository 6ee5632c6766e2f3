/** RFC 9701: what a resource server is told of a token, signed for it alone. */
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import {
  administer,
  basicAuth,
  demoServices,
  okJson,
  postForm,
  refusalOf,
  register,
  type Service,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const mediaType = 'application/token-introspection+jwt';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  alice = personAt(stack);
});

afterAll(() => stack.stop());

const ask = ({ registration: { clientId, secret = '' } }: Service, token: string, accept = mediaType) =>
  postForm(`${stack.issuer}/introspect`, { token }, { authorization: basicAuth(clientId, secret), accept });

/** What a resource server does with it (RFC 9701 §8.1). */
const verified = async (answer: Response, clientId: string) => {
  const jwt = await answer.text();
  const keys = createRemoteJWKSet(new URL(`${stack.issuer}/.well-known/jwks.json`));
  const checks = { issuer: stack.issuer, audience: clientId, typ: 'token-introspection+jwt' };
  return { alg: decodeProtectedHeader(jwt).alg, claims: (await jwtVerify(jwt, keys, checks)).payload };
};

describe('signed introspection (RFC 9701)', () => {
  it('[IN08] says the same as the plain answer, in a JWT for the caller alone', async () => {
    const { access_token: token } = await services.web.tokens(alice);
    const answer = await ask(services.api, token);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      mediaType,
      'no-store',
    ]);
    const { alg, claims } = await verified(answer, 'demo-api');
    expect(alg).toBe('RS256');
    expect(claims).toEqual({
      iss: stack.issuer,
      aud: 'demo-api',
      iat: expect.any(Number),
      token_introspection: await okJson(services.api.introspect({ token })),
    });
    expect(claims.token_introspection).toMatchObject({ active: true, client_id: 'demo-web' });
  });

  it('[IN08] says {"active":false} in the same form of what is not the caller’s, or nothing', async () => {
    const other = await register(stack.issuer, { introspection_signed_response_alg: 'PS256' });
    const tokens = await services.web.tokens(alice);
    for (const token of [tokens.access_token, tokens.refresh_token, 'garbage']) {
      const answer = await ask(other, token);
      expect(answer.headers.get('content-type')).toBe(mediaType);
      const { alg, claims } = await verified(answer, other.registration.clientId);
      expect([alg, claims.token_introspection]).toEqual(['PS256', { active: false }]);
    }
  });

  it('[IN08] is signed only where the caller names the type', async () => {
    const { access_token: token } = await services.web.tokens(alice);
    const typeFor = async (accept: string) => (await ask(services.api, token, accept)).headers.get('content-type');
    for (const accept of [
      '*/*',
      'application/json',
      'application/*',
      'application/jwt',
      `${mediaType};q=0`,
      `${mediaType};q=0.00`,
    ])
      expect([accept, await typeFor(accept)]).toEqual([accept, 'application/json']);
    for (const accept of [mediaType, mediaType.toUpperCase(), `application/json, ${mediaType}; q=0.5`])
      expect([accept, await typeFor(accept)]).toEqual([accept, mediaType]);
  });

  it('[IN08] is no access token: neither introspection nor another endpoint takes it for one', async () => {
    const { access_token: token } = await services.web.tokens(alice, { scope: 'openid profile' });
    const jwt = await (await ask(services.web, token)).text();
    expect(await okJson(services.web.introspect({ token: jwt }))).toEqual({ active: false });
    const answer = await fetch(`${stack.issuer}/userinfo`, { headers: { authorization: `Bearer ${jwt}` } });
    expect((await refusalOf(answer)).status).toBe(401);
  });

  it('[IN08] leaves refusals as they are, and offers no algorithm that the keys do not have', async () => {
    const answer = await postForm(`${stack.issuer}/introspect`, { token: 'x' }, { accept: mediaType });
    expect([answer.headers.get('content-type'), (await refusalOf(answer)).error]).toEqual([
      'application/json',
      'invalid_client',
    ]);
    const body = {
      client_name: 'X',
      redirect_uris: ['https://x.example/cb'],
      introspection_signed_response_alg: 'ES256',
    };
    expect(await refusalOf(administer(stack.issuer, { method: 'POST', path: 'apps', body }))).toEqual({
      status: 400,
      error: 'invalid_client_metadata',
    });
    expect(await okJson(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`))).toMatchObject({
      introspection_signing_alg_values_supported: ['RS256', 'PS256'],
    });
  });
});
