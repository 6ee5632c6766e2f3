/**
 * An instance writes by what it wrote last, without reading it again (`src/storage/kept.ts`). Two hosts over one storage: what
 * one of them has kept is outdated as soon as the other one writes.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerOf } from '../../support/answer.ts';
import { formTokenIn, idOf, pageOf } from '../../support/managing.ts';
import { personAt } from '../../support/people.ts';
import { approvalForm, createPerson, type Page, type Person } from '../../support/person.ts';
import {
  createService,
  demoServices,
  isActive,
  okJson,
  register,
  type Service,
  type TokenSet,
} from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
/** One client, at the one host and at the other. */
let [here, there]: Service[] = [];

beforeAll(async () => {
  stack = await startStack({ hosts: 2, throughProxy: true, settings: { AUTHORIZATION_TOKENS_PER_SECOND: '1000' } });
  alice = personAt(stack);
  await alice.visit(`${stack.issuer}/sign-in`);
  const { api } = demoServices(stack.issuer);
  // The first uses of an instance: keys, lists.
  for (const origin of stack.hosts)
    await createService(stack.issuer, api.registration, origin).introspect({ token: 'x' });
});

afterAll(() => stack.stop());

beforeEach(async () => {
  const { registration } = await register(stack.issuer);
  [here, there] = stack.hosts.map((origin) => createService(stack.issuer, registration, origin));
  // The other host has heard of the client before anything is counted.
  await there?.revoke({ token: 'x' });
});

const both = (): { readonly here: Service; readonly there: Service } => {
  if (here === undefined || there === undefined) throw new Error('two hosts were expected');
  return { here, there };
};

/** What the hosts asked of the tables meanwhile. */
const requestsOf = async (action: () => Promise<unknown>): Promise<readonly string[]> => {
  stack.tableProxy.requests.length = 0;
  await action();
  return stack.tableProxy.requests.map(
    ({ method, path }) => `${method} ${path.startsWith('/$batch') ? 'batch' : path.slice(1, 6)}`,
  );
};

const refreshed = (service: Service, token: string): Promise<TokenSet> => okJson<TokenSet>(service.refresh(token));

const wordOf = async (answer: Promise<Response>): Promise<string> => {
  const { status, body } = await answerOf(answer);
  return `${status} ${body.error ?? ''}`.trim();
};

const elsewhere = (person: Person): Person => {
  const other = createPerson({
    login: person.login,
    issuer: stack.issuer,
    providerIssuer: stack.provider.issuer,
    via: stack.hosts[1] ?? '',
  });
  for (const [host, jar] of person.cookies) other.cookies.set(host, jar);
  return other;
};

/** Sends a form of the person's as their browser does. */
const post = (person: Person, path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
  person.send(`${stack.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
  });

describe('a refresh where the family was written last', () => {
  it('takes one write, and so does each after it', async () => {
    const { here } = both();
    let { refresh_token: token } = await here.tokens(alice);
    for (let turn = 0; turn < 3; turn++) {
      const seen = await requestsOf(async () => {
        token = (await refreshed(here, token)).refresh_token;
      });
      expect(seen).toEqual(['PATCH users']);
    }
  });

  it('takes a read and a write where it was not', async () => {
    const { here, there } = both();
    const { refresh_token: token } = await here.tokens(alice);
    expect(await requestsOf(() => refreshed(there, token))).toEqual(['GET users', 'PATCH users']);
  });

  it('goes on in one lineage, whichever host is asked in turn, and keeps no copy of what two of them write', async () => {
    const { here, there } = both();
    let { refresh_token: token } = await here.tokens(alice);
    for (const service of [there, here, here, there, there, here])
      token = (await refreshed(service, token)).refresh_token;
    const seen = await requestsOf(async () => {
      token = (await refreshed(here, token)).refresh_token;
    });
    expect(seen).toEqual(['GET users', 'PATCH users']);
    expect(await isActive(there, token)).toBe(true);
  });

  it('is refused when the other host has revoked it meanwhile', async () => {
    const { here, there } = both();
    const { refresh_token: token } = await here.tokens(alice);
    expect((await there.revoke({ token })).status).toBe(200);
    expect(await wordOf(here.refresh(token))).toBe('400 invalid_grant');
  });

  it('is refused when the person has revoked it at the other host', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const page = await pageOf(alice, `${stack.issuer}/authorizations`);
    const revoked = await post(elsewhere(alice), '/authorizations/revoke', {
      token: formTokenIn(page),
      authorization: idOf(here),
      confirmed: 'yes',
    });
    expect(revoked.status).toBe(303);
    expect(await wordOf(here.refresh(token))).toBe('400 invalid_grant');
  });

  it('signs nothing when the person has revoked it at this one', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const page = await pageOf(alice, `${stack.issuer}/authorizations`);
    const fields = { token: formTokenIn(page), authorization: idOf(here), confirmed: 'yes' };
    expect((await post(alice, '/authorizations/revoke', fields)).status).toBe(303);
    const signatures = stack.vault.faults.counts.sign;
    expect(await wordOf(here.refresh(token))).toBe('400 invalid_grant');
    expect(stack.vault.faults.counts.sign).toBe(signatures);
  });

  it('[RF04] is a replay, and ends the family, when the other host has replaced the token twice', async () => {
    const { here, there } = both();
    const { refresh_token: stolen } = await here.tokens(alice);
    const second = await refreshed(there, stolen);
    const third = await refreshed(there, second.refresh_token);
    expect(await wordOf(here.refresh(stolen))).toBe('400 invalid_grant');
    expect(await wordOf(there.refresh(third.refresh_token))).toBe('400 invalid_grant');
    expect(await isActive(there, third.access_token)).toBe(false);
  });

  it('[RF05] gives the same successor as the other host, whose answer was lost', async () => {
    const { here, there } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const lostAnswer = await refreshed(there, token);
    expect((await refreshed(here, token)).refresh_token).toBe(lostAnswer.refresh_token);
  });

  it('has no more than the person has left it at the other host', async () => {
    const { here } = both();
    const scope = 'vso.build vso.code vso.work';
    const { refresh_token: token } = await here.tokens(alice, { scope });
    const page = await pageOf(alice, `${stack.issuer}/authorizations/${idOf(here)}`);
    const permission = [...page.html.matchAll(/name="permission" value="([^"]+)"/g)].find(([, name = '']) =>
      name.endsWith('vso.code'),
    )?.[1];
    const fields = { token: formTokenIn(page), authorization: idOf(here), permission: permission ?? '' };
    expect((await post(elsewhere(alice), '/authorizations/narrow', fields)).status).toBe(303);
    expect((await refreshed(here, token)).scope).toBe('vso.build vso.work');
  });

  it('of a foreign client is refused, and its own one goes by the row then', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const foreign = await register(stack.issuer);
    expect(await wordOf(foreign.refresh(token))).toBe('400 invalid_grant');
    expect(await requestsOf(() => refreshed(here, token))).toEqual(['GET users', 'PATCH users']);
  });

  it('whose write gets no answer is answered, and remembered by nobody but the row', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    stack.tableProxy.rule = ({ method, path }) =>
      method === 'PATCH' && path.startsWith('/users') ? { kind: 'reset-after-commit' } : undefined;
    const answer = await refreshed(here, token).finally(() => {
      stack.tableProxy.rule = undefined;
    });
    const next = await refreshed(here, answer.refresh_token);
    expect(await isActive(here, next.refresh_token)).toBe(true);
  });
});

describe('a revocation where the family was written last', () => {
  it('takes two: the word to resource servers, and a write', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const seen = await requestsOf(() => here.revoke({ token }));
    expect(seen).toHaveLength(2);
    expect(await isActive(here, token)).toBe(false);
  });

  it('[RV05] ends the family although the other host has refreshed it meanwhile', async () => {
    const { here, there } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const newest = await refreshed(there, token);
    expect((await here.revoke({ token })).status).toBe(200);
    for (const one of [newest.refresh_token, newest.access_token]) expect(await isActive(there, one)).toBe(false);
    expect(await wordOf(there.refresh(newest.refresh_token))).toBe('400 invalid_grant');
  });

  it('[RV02] by a foreign client leaves it alone', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const foreign = await register(stack.issuer);
    expect((await foreign.revoke({ token })).status).toBe(200);
    expect(await isActive(here, token)).toBe(true);
  });

  it('of a token that was altered finds nothing', async () => {
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    const other = await here.tokens(alice);
    expect((await here.revoke({ token: `${token.slice(0, -4)}AAAA` })).status).toBe(200);
    expect(await isActive(here, token)).toBe(true);
    expect(await isActive(here, other.refresh_token)).toBe(true);
  });
});

describe('an approval where the page was shown', () => {
  const shown = async (person: Person): Promise<Page> => {
    const arrival = await person.visit(both().here.authorization({ prompt: 'consent' }).url);
    if (arrival.kind !== 'page') throw new Error('an approval page was expected');
    return arrival;
  };

  const approve = (person: Person, page: Page) => person.decide(page, { decision: 'approve' });

  it('takes one batch', async () => {
    const page = await shown(alice);
    const seen = await requestsOf(() => approve(alice, page));
    expect(seen).toEqual(['POST batch']);
  });

  it('takes the session’s read too at the other host', async () => {
    const page = await shown(alice);
    const seen = await requestsOf(() => elsewhere(alice).decide(page, { decision: 'approve' }));
    expect(seen).toEqual(['GET users', 'POST batch']);
  });

  it('of another tab, after one in the first, is as good', async () => {
    const first = await shown(alice);
    const other = await register(stack.issuer);
    const second = await alice.visit(other.authorization().url);
    expect((await approve(alice, first)).kind).toBe('departure');
    expect((await approve(alice, second as Page)).kind).toBe('departure');
  });

  it('that is sent twice has the same answer', async () => {
    const page = await shown(alice);
    const answers = [await approve(alice, page), await approve(alice, page)];
    const codes = answers.map((one) => (one.kind === 'departure' ? one.location.searchParams.get('code') : undefined));
    expect(codes[0]).toMatch(/^assent_ac_/);
    expect(codes[1]).toBe(codes[0]);
  });

  it('gives nothing after the session was ended at the other host', async () => {
    const bob = personAt(stack, 'bob');
    await bob.visit(`${stack.issuer}/sign-in`);
    const page = await shown(bob);
    const own = await pageOf(bob, `${stack.issuer}/authorizations`);
    // The cookie stays, as somebody's who has copied it.
    const cookies = [...bob.cookies].map(([host, jar]) => [host, new Map(jar)] as const);
    expect((await post(elsewhere(bob), '/sign-out', { token: formTokenIn(own) })).status).toBeLessThan(400);
    for (const [host, jar] of cookies) bob.cookies.set(host, jar);
    const arrival = await approve(bob, page);
    if (arrival.kind !== 'page') throw new Error(`a page was expected, not ${arrival.location.href}`);
    expect([arrival.status, approvalForm(arrival)]).toEqual([400, undefined]);
  });
});

describe('a deployment that keeps nothing (CACHED_SESSIONS=0)', () => {
  it('reads before it writes', async () => {
    await stack.restartHost(0, { CACHED_SESSIONS: '0' });
    const { here } = both();
    const { refresh_token: token } = await here.tokens(alice);
    expect(await requestsOf(() => refreshed(here, token))).toContain('GET users');
  });
});
