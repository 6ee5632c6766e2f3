import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import { demoServices, okJson, type Service, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let person: Person;
let web: Service;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  const { issuer } = stack;
  person = personAt(stack);
  web = demoServices(issuer).web;
  await web.code(person);
});

afterAll(() => stack.stop());

const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status;

describe('[ER05] a refresh whose answer was lost at the start of a long outage', () => {
  /** A refresh that is carried out while its answer and everything after it is lost; half an hour later storage is back. */
  const lostRefresh = async (): Promise<TokenSet> => {
    const before = await web.tokens(person);
    let isAway = false;
    stack.tableProxy.rule = ({ method }) => {
      isAway ||= method === 'PATCH';
      return isAway ? { kind: 'reset-after-commit' } : undefined;
    };
    expect(await statusOf(web.refresh(before.refresh_token))).toBe(503);
    stack.tableProxy.rule = undefined;
    await stack.clock.move(1_800);
    return before;
  };

  it('is no replay after it', async () => {
    const before = await lostRefresh();
    const after = await okJson<TokenSet>(web.refresh(before.refresh_token));
    expect(await statusOf(web.refresh(after.refresh_token))).toBe(200);
  });

  const retries: readonly { readonly when: string; readonly send: (retry: () => Promise<TokenSet>) => unknown }[] = [
    { when: 'at the same time', send: (retry) => Promise.all([retry(), retry()]) },
    { when: 'one after the other', send: async (retry) => [await retry(), await retry()] },
  ];

  it.each(retries)('sent again twice $when gives the same successor both times, which goes on', async ({ send }) => {
    const before = await lostRefresh();
    // Late enough that both have read the row before one of them writes it.
    stack.tableProxy.rule = ({ method }) => (method === 'PATCH' ? { kind: 'delay', milliseconds: 50 } : undefined);
    const [one, other] = (await send(() => okJson<TokenSet>(web.refresh(before.refresh_token)))) as TokenSet[];
    stack.tableProxy.rule = undefined;
    expect(one?.refresh_token).not.toBe(before.refresh_token);
    expect(other?.refresh_token).toBe(one?.refresh_token);
    expect(await statusOf(web.refresh(one?.refresh_token ?? ''))).toBe(200);
  });

  it('is a replay again when its successor has been used', async () => {
    const before = await lostRefresh();
    const after = await okJson<TokenSet>(web.refresh(before.refresh_token));
    await okJson<TokenSet>(web.refresh(after.refresh_token));
    expect(await statusOf(web.refresh(before.refresh_token))).toBe(400);
    expect(await statusOf(web.refresh(after.refresh_token))).toBe(400);
  });
});
