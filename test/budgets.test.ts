import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownTokenOf } from './support/admin.ts';
import { pseudonymOf } from './support/audit.ts';
import { startDocumentSite } from './support/client-documents.ts';
import { askForCodes, codesOf, type DeviceCodes, poll, registerDevice } from './support/devices.ts';
import { newDpopKey, proofBy } from './support/dpop.ts';
import { formsIn } from './support/forms.ts';
import { indexOf, indexPartitionOf } from './support/index.ts';
import { type Login, personAt } from './support/people.ts';
import type { Page, Person } from './support/person.ts';
import { plantAuthorizations } from './support/planted.ts';
import { addressOf, push } from './support/pushed.ts';
import { ownMetadata, registerItself } from './support/registration.ts';
import { storedRows } from './support/rows.ts';
import { basicAuth, demoServices, okJson, postForm, register, type TokenSet } from './support/service.ts';
import { type Stack, startStack } from './support/stack.ts';

type Cost = { readonly executions: number; readonly transactions: number; readonly signatures: number };

/** What the cost table is computed from: each line of it is measured below, and there is no other list. */
const { operations, assumptions } = JSON.parse(
  readFileSync(new URL('../infra/prices.json', import.meta.url), 'utf8'),
) as {
  operations: Record<string, Cost | string>;
  assumptions: Record<string, number>;
};

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let alice: Person;
const measured = new Map<string, Cost>();

beforeAll(async () => {
  // As for an instance that was not the one to write or read a session last, which is the most that anything takes.
  stack = await startStack({ throughProxy: true, settings: { CACHED_SESSIONS: '0' } });
  services = demoServices(stack.issuer);
  alice = await signedIn('alice');
  // The first uses of an instance: clients, locator key, the vault's versions.
  await services.web.tokens(alice);
  await services.native.tokens(alice);
});

afterAll(() => stack.stop());

const signedIn = async (login: Login): Promise<Person> => {
  const person = personAt(stack, login);
  await person.visit(`${stack.issuer}/sign-in`);
  return person;
};

/** The list of not-before instants is read once in 15 seconds, whoever asks: whoever is measured is not the one who asks. */
const warmUp = async (): Promise<void> => {
  await okJson(services.api.introspect({ token: await ownTokenOf(services.nightly) }));
  for (const service of [services.web, services.native]) await (await service.revoke({ token: 'x' })).text();
};

/** Runs one operation of one request to Assent and says what it took; `$batch` is one transaction, as on the bill. */
const measure = async (operation: () => Promise<Response>): Promise<Cost & { readonly answer: Response }> => {
  await warmUp();
  stack.tableProxy.requests.length = 0;
  const signaturesBefore = stack.vault.faults.counts.sign;
  const answer = await operation();
  const seen = stack.tableProxy.requests.map(({ method, path }) => `${method} ${path.slice(0, 40)}`);
  const signatures = stack.vault.faults.counts.sign - signaturesBefore;
  return { executions: 1, transactions: seen.length, signatures, answer };
};

const expectCost = async (name: string, expected: Omit<Cost, 'executions'>, operation: () => Promise<Response>) => {
  const { answer, ...cost } = await measure(operation);
  expect(cost).toEqual({ executions: 1, ...expected });
  measured.set(name, cost);
  return answer;
};

const approvalPage = async (person: Person, url: string): Promise<Page> => {
  const arrival = await person.visit(url);
  if (arrival.kind !== 'page') throw new Error('an approval page was expected');
  return arrival;
};

/** What a browser would send for a form of the page. */
const submit = (person: Person, page: Page, action: string, more: Record<string, string> = {}): Promise<Response> => {
  const form = formsIn(page.html).find((one) => one.action.endsWith(action));
  if (form === undefined) throw new Error(`no form for ${action}`);
  const body = new URLSearchParams();
  for (const { name, value, type, checked } of form.fields) if (type === 'hidden' || checked) body.append(name, value);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin' };
  return person.send(`${stack.issuer}${action}`, { method: 'POST', body, headers });
};

const redirectedTo = (answer: Response): string => {
  expect(answer.status).toBe(303);
  return answer.headers.get('location') ?? '';
};

describe('billed storage transactions and signatures, counted at the wire', () => {
  it('authorize takes 2: session and grant', async () => {
    const bob = await signedIn('bob');
    const { url } = services.web.authorization();
    const answer = await expectCost('authorize', { transactions: 2, signatures: 0 }, () => bob.send(url));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('name="decision"')]);
  });

  it('authorize without a session takes none: nothing is stored for a request that waits', async () => {
    const { url } = services.web.authorization();
    const cost = { transactions: 0, signatures: 0 };
    const answer = await expectCost('beginSignIn', cost, () => personAt(stack).send(url));
    expect(redirectedTo(answer)).toContain(stack.provider.issuer);
  });

  it('consent takes 2: session and one batch', async () => {
    const bob = await signedIn('bob');
    const page = await approvalPage(bob, services.web.authorization().url);
    const cost = { transactions: 2, signatures: 0 };
    const answer = await expectCost('consent', cost, () => submit(bob, page, '/consent', { decision: 'approve' }));
    expect(redirectedTo(answer)).toContain('code=assent_ac_');
  });

  it('a refusal takes 2: the session, and a line of the history', async () => {
    const { url } = services.native.authorization();
    const page = await approvalPage(alice, url);
    const cost = { transactions: 2, signatures: 0 };
    const answer = await expectCost('deny', cost, () => submit(alice, page, '/consent', { decision: 'deny' }));
    expect(redirectedTo(answer)).toContain('error=access_denied');
  });

  it('token takes 2, read and write, and 1 signature', async () => {
    const code = await services.web.code(alice);
    const cost = { transactions: 2, signatures: 1 };
    expect((await expectCost('token', cost, () => services.web.redeem(code))).status).toBe(200);
  });

  it('token takes one signature more when it signs the person in', async () => {
    const code = await services.web.code(alice, { scope: 'openid profile' });
    const cost = { transactions: 2, signatures: 2 };
    const answer = await expectCost('tokenWithSignIn', cost, () => services.web.redeem(code));
    expect(await answer.json()).toHaveProperty('id_token');
  });

  it('userinfo takes 1: it is told while the authorization lasts', async () => {
    const { access_token: token } = await services.web.tokens(alice, { scope: 'openid profile' });
    const ask = () => fetch(`${stack.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    const answer = await expectCost('userinfo', { transactions: 1, signatures: 0 }, ask);
    expect(await answer.json()).toMatchObject({ name: 'Alice Adams' });
  });

  it('silent re-authorization takes 3: session, grant and one batch', async () => {
    const { url } = services.web.authorization();
    const cost = { transactions: 3, signatures: 0 };
    const answer = await expectCost('authorizeSilently', cost, () => alice.send(url));
    expect(redirectedTo(answer)).toContain('code=assent_ac_');
  });

  it('refresh takes 2, read and write, and 1 signature', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    const cost = { transactions: 2, signatures: 1 };
    expect((await expectCost('refresh', cost, () => services.web.refresh(token))).status).toBe(200);
  });

  it('a retried refresh takes 2, read and count, and 1 signature', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    await okJson(services.web.refresh(token));
    const cost = { transactions: 2, signatures: 1 };
    expect((await expectCost('refreshAgain', cost, () => services.web.refresh(token))).status).toBe(200);
  });

  it('client_credentials takes 0, and 1 signature', async () => {
    const cost = { transactions: 0, signatures: 1 };
    const ask = () => services.nightly.token({ grant_type: 'client_credentials' });
    expect((await expectCost('clientCredentials', cost, ask)).status).toBe(200);
  });

  it('a DPoP proof adds 1: its jti', async () => {
    const key = await newDpopKey();
    const { clientId, secret = '' } = services.nightly.registration;
    const dpop = await proofBy(key, { url: `${stack.issuer}/token` });
    const headers = { authorization: basicAuth(clientId, secret), dpop };
    const answer = await expectCost('clientCredentialsWithDpop', { transactions: 1, signatures: 1 }, () =>
      postForm(`${stack.issuer}/token`, { grant_type: 'client_credentials' }, headers),
    );
    expect(answer.status).toBe(200);
  });

  it('a pushed request adds 4: its push, a read at each of two steps, and its consumption', async () => {
    const bob = await signedIn('bob');
    const none = { signatures: 0 };
    const { response } = await expectPush();
    const { request_uri: requestUri } = (await response.json()) as { request_uri: string };
    const url = addressOf(stack.issuer, services.web, requestUri);
    const shown = await expectCost('authorizePushed', { transactions: 3, ...none }, () => bob.send(url));
    const page = {
      kind: 'page',
      url: new URL(url),
      status: 200,
      html: await shown.text(),
      headers: shown.headers,
    } as const;
    const answer = await expectCost('consentPushed', { transactions: 4, ...none }, () =>
      submit(bob, page, '/consent', { decision: 'approve' }),
    );
    expect(redirectedTo(answer)).toContain('code=assent_ac_');
  });

  const expectPush = async () => {
    const response = await expectCost(
      'push',
      { transactions: 1, signatures: 0 },
      () => push(stack.issuer, services.web, { prompt: 'consent' }).response,
    );
    expect(response.status).toBe(201);
    return { response };
  };

  it('a device’s authorization takes 2 to begin, 1 a poll, 4 to show, 5 to answer, and 3 and 1 signature for its tokens', async () => {
    const television = await registerDevice(stack.issuer);
    const { registration } = television;
    await codesOf(stack.issuer, registration);
    const none = { signatures: 0 };
    const begun = await expectCost('beginDevice', { transactions: 2, ...none }, () =>
      askForCodes(stack.issuer, registration),
    );
    const codes = await okJson<DeviceCodes>(begun);
    const pending = await expectCost('pollDevice', { transactions: 1, ...none }, () => poll(television, codes));
    expect(pending.status).toBe(400);
    const entry = await approvalPage(alice, codes.verification_uri_complete);
    const shown = await expectCost('askForDevice', { transactions: 4, ...none }, () =>
      submit(alice, entry, '/device', { user_code: codes.user_code }),
    );
    const asked: Page = { ...entry, html: await shown.text() };
    const answered = await expectCost('answerDevice', { transactions: 5, ...none }, () =>
      submit(alice, asked, '/device/decision', { decision: 'approve' }),
    );
    expect(answered.status).toBe(200);
    const tokens = await expectCost('deviceToken', { transactions: 3, signatures: 1 }, () => poll(television, codes));
    expect(tokens.status).toBe(200);
  });

  it('registering takes 2, one of them for the audit log; the first approval of a client that registered itself takes 2 more, and the next one none', async () => {
    const ask = () =>
      fetch(`${stack.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(ownMetadata),
      });
    expect((await expectCost('register', { transactions: 2, signatures: 0 }, ask)).status).toBe(201);
    const { service } = await registerItself(stack.issuer);
    const bob = await signedIn('bob');
    for (const transactions of [2 + 2, 2]) {
      const page = await approvalPage(bob, service.authorization({ prompt: 'consent' }).url);
      const { answer, ...cost } = await measure(() => submit(bob, page, '/consent', { decision: 'approve' }));
      expect([redirectedTo(answer), cost.transactions]).toEqual([expect.stringContaining('code='), transactions]);
    }
  });

  it('a client that is known by its document takes no more than one that is registered, once the document is kept', async () => {
    const site = await startDocumentSite();
    site.publish('client');
    const service = site.service(stack.issuer, 'client');
    const bob = await signedIn('bob');
    await service.tokens(bob);
    const { answer, ...shown } = await measure(() => bob.send(service.authorization({ prompt: 'consent' }).url));
    expect([answer.status, shown.transactions]).toEqual([200, 2]);
    const code = await service.code(bob);
    const { answer: tokens, ...redeemed } = await measure(() => service.redeem(code));
    expect([tokens.status, redeemed.transactions, redeemed.signatures]).toEqual([200, 2, 1]);
    await site.stop();
  });

  it('the console’s pages of authorizations take as many for a service of many people as for one of few', async () => {
    const olga = await signedIn('olga');
    const service = await register(stack.issuer);
    await service.tokens(alice);
    const { clientId } = service.registration;
    const person = pseudonymOf(stack, 'alice');
    const id = `${person}.${indexPartitionOf(clientId)}`;
    const at = (path: string) => () => olga.send(`${stack.issuer}/console/authorizations${path}`);
    const pages = [
      ['', 1],
      ['?account=alice@contoso.example', 4],
      [`?person=${person}`, 5],
      [`?client_id=${clientId}`, 4],
      [`/one?id=${id}`, 6],
      ['/endings', 2],
      ['/endings/new', 1],
      [`/endings/new?client_id=${clientId}`, 4],
    ] as const;
    await expect.poll(async () => (await indexOf(stack, clientId)).entries.length, { timeout: 60_000 }).toBe(1);
    for (const count of [0, 120]) {
      await plantAuthorizations(stack, { clientId, like: person, count });
      for (const [path, transactions] of pages) {
        await (await at(path)()).text();
        const { answer, ...cost } = await measure(at(path));
        expect([path, answer.status, cost.transactions]).toEqual([path, 200, transactions]);
      }
    }
  });

  it.each([
    ['policy', 3, 'the session, the rules, and those of services'],
    [
      'policy/try?account=olga@contoso.example&client_id=demo-web',
      10,
      'the session, services to choose from, the person, all that is asked about them, and its record',
    ],
    ['catalogue', 2, 'the session, and what operators declared'],
    ['catalogue/one?identifier=https://api.assent.localhost', 2, 'the same'],
    ['catalogue/edit', 1, 'the session'],
  ])('the console’s page %s takes %i: %s', async (path, transactions) => {
    const olga = await signedIn('olga');
    const page = () => olga.send(`${stack.issuer}/console/${path}`);
    await (await page()).text();
    const { answer, ...cost } = await measure(page);
    expect([answer.status, cost.transactions]).toEqual([200, transactions]);
  });

  it('the console’s pages of one service take as many, however many people authorized it, and its list one more for each', async () => {
    const olga = await signedIn('olga');
    const service = await register(stack.issuer);
    await service.tokens(alice);
    const { clientId } = service.registration;
    await expect.poll(async () => (await indexOf(stack, clientId)).entries.length, { timeout: 60_000 }).toBe(1);
    const at = (path: string) => () => olga.send(`${stack.issuer}/console/services${path}`);
    const listed = async (): Promise<number> =>
      (await (await at('')()).text()).split('href="/console/services/one?').length - 1;
    const pages = [
      [`/one?client_id=${clientId}`, 6],
      [`/edit?client_id=${clientId}`, 2],
      [`/rule?client_id=${clientId}`, 3],
      ['/new', 1],
      ['/tokens', 2],
    ] as const;
    for (const count of [0, 120]) {
      await plantAuthorizations(stack, { clientId, like: pseudonymOf(stack, 'alice'), count });
      for (const [path, transactions] of pages) {
        await (await at(path)()).text();
        const { answer, ...cost } = await measure(at(path));
        expect([path, answer.status, cost.transactions]).toEqual([path, 200, transactions]);
      }
      const { answer, ...cost } = await measure(at(''));
      expect([answer.status, cost.transactions]).toEqual([200, 3 + (await listed())]);
    }
  });

  it('the console’s overview and its pages of the audit log take as many, however much the log says', async () => {
    const olga = await signedIn('olga');
    const at = (path: string) => () => olga.send(`${stack.issuer}/console${path}`);
    const pages = [
      ['', 7],
      // Seven days of four slots, of which a page looks through three.
      ['/audit?event=none.such', 15],
      [`/audit?person=${pseudonymOf(stack, 'alice')}`, 5],
    ] as const;
    for (const readings of [1, 60]) {
      for (let reading = 0; reading < readings; reading++) await (await at('/audit?event=none.such')()).text();
      for (const [path, transactions] of pages) {
        const { answer, ...cost } = await measure(at(path));
        expect([path, answer.status, cost.transactions]).toEqual([path, 200, transactions]);
      }
    }
    const { answer, ...cost } = await measure(at('/audit'));
    expect([answer.status, cost.transactions]).toEqual([200, 7]);
  });

  it('RFC 7009 revocation takes 3, read, word to resource servers and write, for a refresh token and for an access token', async () => {
    const first = await services.web.tokens(alice);
    const second = await services.web.tokens(alice);
    const cost = { transactions: 3, signatures: 0 };
    expect((await expectCost('revoke', cost, () => services.web.revoke({ token: first.refresh_token }))).status).toBe(
      200,
    );
    expect((await expectCost('revoke', cost, () => services.web.revoke({ token: second.access_token }))).status).toBe(
      200,
    );
  });

  it('introspection takes 1, for a token of a person and for one of a service', async () => {
    const { access_token: token, refresh_token: refreshToken } = await services.web.tokens(alice);
    const cost = { transactions: 1, signatures: 0 };
    const own = await ownTokenOf(services.nightly);
    for (const [service, one] of [
      [services.api, token],
      [services.web, refreshToken],
      [services.api, own],
    ] as const) {
      const answer = await expectCost('introspect', cost, () => service.introspect({ token: one }));
      expect(await answer.json()).toMatchObject({ active: true });
    }
  });

  it('signed introspection takes one signature more', async () => {
    const { access_token: token } = await services.web.tokens(alice);
    const headers = {
      accept: 'application/token-introspection+jwt',
      authorization: basicAuth('demo-api', 'demo-api-secret'),
    };
    const ask = () => postForm(`${stack.issuer}/introspect`, { token }, headers);
    expect((await expectCost('introspectSigned', { transactions: 1, signatures: 1 }, ask)).status).toBe(200);
  });

  it('token exchange takes 1, the read of the authorization, and 1 signature; introspection of what came of it takes 2', async () => {
    const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const policy = { from: ['demo-web'], to: ['https://api.assent.localhost'] };
    const middle = await register(stack.issuer, {
      grant_types: ['client_credentials', grantType],
      redirect_uris: [],
      scope: 'vso.work',
      assent_token_exchange: policy,
    });
    await ownTokenOf(middle);
    const { access_token: subject } = await services.web.tokens(alice);
    const fields = {
      grant_type: grantType,
      subject_token: subject,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    };
    const cost = { transactions: 1, signatures: 1 };
    const { access_token: token } = await okJson<{ access_token: string }>(
      expectCost('exchange', cost, () => middle.token(fields)),
    );
    const asked = await expectCost('introspectExchanged', { transactions: 2, signatures: 0 }, () =>
      services.api.introspect({ token }),
    );
    expect(await asked.json()).toMatchObject({ active: true });
  });

  it('the sign-in callback takes 1 for a known person', async () => {
    const person = personAt(stack);
    const callback = await callbackOf(person);
    const answer = await expectCost('signIn', { transactions: 1, signatures: 0 }, () => person.send(callback));
    expect(redirectedTo(answer)).toBe('/authorizations');
  });

  it('sign-out takes 1', async () => {
    const person = await signedIn('alice');
    const page = await approvalPage(person, `${stack.issuer}/sign-out`);
    const answer = await expectCost('signOut', { transactions: 1, signatures: 0 }, () =>
      submit(person, page, '/sign-out'),
    );
    expect(answer.status).toBe(200);
  });

  it('a code that signs in takes no more; the sign-out that others must hear of takes 5, and 3 for each of them with a connection to end', async () => {
    const person = await signedIn('bob');
    const page = await approvalPage(person, services.native.authorization({ scope: 'openid' }).url);
    const { answer: consent, ...cost } = await measure(() => submit(person, page, '/consent', { decision: 'approve' }));
    expect([redirectedTo(consent), cost.transactions]).toEqual([expect.stringContaining('code='), 2]);
    const ask = await approvalPage(person, `${stack.issuer}/sign-out`);
    const { answer, ...left } = await measure(() => submit(person, ask, '/sign-out'));
    expect([answer.status, left]).toEqual([200, { executions: 1, transactions: 5 + 3, signatures: 0 }]);
  });

  it('the list of authorizations takes 2: session and one range', async () => {
    const cost = { transactions: 2, signatures: 0 };
    const answer = await expectCost('listAuthorizations', cost, () => alice.send(`${stack.issuer}/authorizations`));
    expect(await answer.text()).toContain('Contoso Boards');
  });

  it('revoking one there takes 4: session, range, word to resource servers and one batch', async () => {
    const tokens = await services.web.tokens(alice);
    const page = await approvalPage(alice, `${stack.issuer}/authorizations`);
    const cost = { transactions: 4, signatures: 0 };
    const answer = await expectCost('revokeAuthorization', cost, () => submit(alice, page, '/authorizations/revoke'));
    expect(redirectedTo(answer)).toContain('/authorizations?revoked=');
    expect((await services.web.refresh(tokens.refresh_token)).status).toBe(400);
  });

  it('an hour of use leaves as many rows to delete as the cost table assumes: session, family and lines of the history', async () => {
    await services.native.tokens(await signedIn('olga'));
    const before = (await storedRows(stack, 'users')).length;
    const { refresh_token: token } = await services.native.tokens(await signedIn('olga'));
    await okJson(services.native.refresh(token));
    expect((await storedRows(stack, 'users')).length - before).toBe(assumptions.rowsPerAuthorization);
  });

  it('an event takes 2 more, after the answer: a row of the audit log, and the mark that it is there; less with others', async () => {
    const code = await services.web.code(alice);
    await expect.poll(isQuiet, { timeout: 60_000, interval: 1_500 }).toBe(true);
    stack.tableProxy.deliveries.length = 0;
    expect(
      (await services.web.revoke({ token: (await okJson<TokenSet>(services.web.redeem(code))).refresh_token })).status,
    ).toBe(200);
    await expect.poll(() => stack.tableProxy.deliveries.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    await expect.poll(isQuiet, { timeout: 60_000, interval: 1_500 }).toBe(true);
    expect(stack.tableProxy.deliveries.length).toBeLessThanOrEqual(2 * (assumptions.transactionsPerEvent ?? 0));
  });

  it('an authorization takes 6 more for the index, after the answer: counter, row, grant, name, one batch and a second look; and a sign-in 2', async () => {
    const service = await register(stack.issuer);
    const olga = await signedIn('olga');
    const page = await approvalPage(olga, service.authorization().url);
    delivered = -1;
    await expect.poll(isQuiet, { timeout: 60_000, interval: 1_500 }).toBe(true);
    stack.tableProxy.deliveries.length = 0;
    await submit(olga, page, '/consent', { decision: 'approve' });
    await signedIn('olga');
    await expect.poll(() => stack.tableProxy.deliveries.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(6 + 2);
    delivered = -1;
    await expect.poll(isQuiet, { timeout: 60_000, interval: 1_500 }).toBe(true);
    // With what delivers both events, and the count of a service's first row; who is known by name is not written again.
    const limit = (assumptions.transactionsToIndex ?? 0) + 2 * (assumptions.transactionsPerEvent ?? 0);
    expect(stack.tableProxy.deliveries.length).toBeLessThanOrEqual(limit);
  });

  it('the list of what ended takes 4 reads, and 1 signature when it has changed, however often it is asked for in three seconds', async () => {
    const { refresh_token: token } = await services.web.tokens(alice);
    await okJson(services.web.revoke({ token }));
    const ask = () => fetch(`${stack.issuer}/revocations`);
    await ask();
    await stack.clock.move(4);
    const first = await measure(ask);
    // Around the full hour there are two slices of time to read.
    expect([4, 8]).toContain(first.transactions);
    expect(first.signatures).toBeLessThanOrEqual(1);
    const again = await measure(ask);
    expect([again.answer.status, again.transactions, again.signatures]).toEqual([200, 0, 0]);
  });

  it('public documents take none', async () => {
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/jwks.json', '/healthz']) {
      const { answer, ...cost } = await measure(() => fetch(`${stack.issuer}${path}`));
      expect([path, answer.status, cost]).toEqual([path, 200, { executions: 1, transactions: 0, signatures: 0 }]);
    }
  });

  it('what the cost table is computed from is what was measured, line by line', () => {
    const { measuredIn, ...lines } = operations;
    expect(measuredIn).toBe('test/budgets.test.ts');
    expect(lines).toEqual(Object.fromEntries(measured));
  });
});

/** True when nothing has been delivered since it was asked last. */
let delivered = -1;
const isQuiet = (): boolean => {
  const before = delivered;
  delivered = stack.tableProxy.deliveries.length;
  return before === delivered;
};

/** Where the provider sends the browser back to; not yet visited. */
const callbackOf = async (person: Person): Promise<string> => {
  let answer = await person.send(`${stack.issuer}/sign-in`);
  let url = new URL(answer.headers.get('location') ?? '', stack.issuer);
  for (let hop = 0; hop < 10; hop++) {
    if (url.origin === stack.issuer) return url.href;
    answer = await person.send(url);
    const location = answer.headers.get('location');
    if (location === null) {
      const html = await answer.text();
      const [login] = formsIn(html);
      if (login === undefined) throw new Error(`no login form: ${html}`);
      const body = new URLSearchParams({ login: person.login, password: 'any' });
      for (const { name, value, type } of login.fields) if (type === 'hidden') body.set(name, value);
      answer = await person.send(new URL(login.action, url), { method: 'POST', body });
    }
    url = new URL(answer.headers.get('location') ?? '', url);
  }
  throw new Error('the provider never came back');
};
