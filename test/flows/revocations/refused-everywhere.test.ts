/** "Revoked" means refused everywhere: an API that consults the list, with two hosts that say what ended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { listAt, listWhen, names } from '../../support/revocations.ts';
import { revokeAll, startApi, untilRefused } from '../../support/revoking.ts';
import { demoServices, okJson, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let elsewhere: string;
let services: ReturnType<typeof demoServices>;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ hosts: 2, settings: { SOURCE_REQUESTS_PER_SECOND: '100000' } });
  elsewhere = stack.hosts[1] ?? '';
  services = demoServices(stack.issuer);
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

/** What is promised, and as much again for a machine that is busy. */
const promisedMilliseconds = 30_000;

const sidOf = ({ access_token: token }: TokenSet) => jwtPart(token, 'payload').sid;

describe('an API that consults the list', () => {
  it('[RL04] takes what lives, and refuses what its person revoked', async () => {
    const api = await startApi(stack.issuer);
    const { access_token: token } = await services.web.tokens(alice);
    expect(await api.refuses(token)).toBe(false);
    await revokeAll(alice, stack.issuer);
    await untilRefused(api, token, promisedMilliseconds);
    const { access_token: next } = await services.web.tokens(alice);
    expect([await api.refuses(token), await api.refuses(next)]).toEqual([true, false]);
  });

  it('[RL04] refuses by instants what a service or a person had before them', async () => {
    const api = await startApi(stack.issuer);
    const { access_token: token } = await services.native.tokens(alice);
    const operator = demoServices(stack.issuer).operator;
    const { access_token: bearer } = await okJson<TokenSet>(
      operator.token({ grant_type: 'client_credentials', scope: 'assent.admin' }),
    );
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ client_id: 'demo-native' });
    await okJson(fetch(`${elsewhere}/api/admin/not-before`, { method: 'POST', headers, body }));
    await untilRefused(api, token, promisedMilliseconds);
  });

  it('[RL04] goes on with the life of tokens while there is no list, and hears of the failure', async () => {
    const failures: unknown[] = [];
    const api = await startApi('http://localhost:1', { onFailure: (error) => failures.push(error) });
    const { access_token: token } = await services.web.tokens(alice);
    expect(await api.refuses(token)).toBe(false);
    expect(failures).toHaveLength(1);
  });
});

describe('two hosts that end sessions and list them', () => {
  it('[RL03] never miss one for longer than their cache, whoever ends it while whoever lists', async () => {
    const rounds = 12;
    const ended: unknown[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const tokens = await services.web.tokens(alice);
      const [ends, lists] = round % 2 === 0 ? [stack.issuer, elsewhere] : [elsewhere, stack.issuer];
      const web = demoServices(stack.issuer, ends).web;
      const [answer] = await Promise.all([
        web.revoke({ token: tokens.refresh_token }),
        listAt(stack.issuer, lists),
        listAt(stack.issuer, ends),
      ]);
      expect(answer.status).toBe(200);
      ended.push(sidOf(tokens));
    }
    for (const origin of stack.hosts) {
      const list = await listWhen(stack.issuer, (one) => names(one, 'sid', ended.at(-1)), origin);
      expect(ended.filter((sid) => !names(list, 'sid', sid))).toEqual([]);
    }
  });
});
