/** A person takes a permission back while a token request is on its way: between its read and its write. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { formTokenIn, idOf, pageOf } from '../../support/managing.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const scope = 'vso.build vso.code vso.work';

let stack: Stack;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true, settings: { CACHED_SESSIONS: '0' } });
  alice = personAt(stack);
  await alice.visit(`${stack.issuer}/sign-in`);
});

afterAll(() => stack.stop());

const withoutCode = async (service: Service): Promise<void> => {
  const page = await pageOf(alice, `${stack.issuer}/authorizations/${idOf(service)}`);
  const permissions = [...page.html.matchAll(/name="permission" value="([^"]+)"/g)].map(([, value = '']) => value);
  const permission = permissions.find((one) => one.endsWith('vso.code')) ?? '';
  const answer = await alice.send(`${stack.issuer}/authorizations/narrow`, {
    method: 'POST',
    body: new URLSearchParams({ token: formTokenIn(page), authorization: idOf(service), permission }),
    headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
  });
  expect(answer.status).toBe(303);
};

/** Sends it, and holds the first write of a family back until the permission is gone. */
const overtaken = async (service: Service, send: () => Promise<Response>): Promise<TokenSet> => {
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  let held = false;
  stack.tableProxy.rule = ({ method, path }) => {
    if (held || method !== 'PATCH' || !path.startsWith('/users') || !path.includes('family')) return undefined;
    held = true;
    arrived.resolve();
    return { kind: 'hold', until: gone.promise };
  };
  try {
    const answer = okJson<TokenSet>(send());
    await arrived.promise;
    await withoutCode(service);
    gone.resolve();
    return await answer;
  } finally {
    stack.tableProxy.rule = undefined;
  }
};

const expectWithoutCode = async (service: Service, tokens: TokenSet): Promise<void> => {
  expect(tokens.scope).toBe('vso.build vso.work');
  expect(jwtPart(tokens.access_token, 'payload').scope).toBe('vso.build vso.work');
  expect((await okJson<TokenSet>(service.refresh(tokens.refresh_token))).scope).toBe('vso.build vso.work');
};

describe('what was signed before is not handed out', () => {
  it('of a code', async () => {
    const service = await register(stack.issuer);
    const code = await service.code(alice, { scope });
    await expectWithoutCode(service, await overtaken(service, () => service.redeem(code)));
  });

  it('of a refresh', async () => {
    const service = await register(stack.issuer);
    const { refresh_token: token } = await service.tokens(alice, { scope });
    await expectWithoutCode(service, await overtaken(service, () => service.refresh(token)));
  });
});
