import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMasterKey } from '../../local/host/admin.ts';
import { startHostProcess } from '../../local/processes.ts';
import { answerOf } from '../support/answer.ts';
import { askForCodes, registerDevice } from '../support/devices.ts';
import { newDpopKey, proofBy } from '../support/dpop.ts';
import { personAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import { push } from '../support/pushed.ts';
import {
  basicAuth,
  createService,
  demoServices,
  okJson,
  postForm,
  type Service,
  type TokenSet,
} from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Fault, TableRequest } from '../support/table-proxy.ts';

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

/** Storage is away, in this way, while `meanwhile` runs. */
const withoutStorage = async <T>(fault: Fault, meanwhile: () => Promise<T>): Promise<T> => {
  stack.tableProxy.rule = () => fault;
  try {
    return await meanwhile();
  } finally {
    stack.tableProxy.rule = undefined;
  }
};

const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status;

const readiness = async (host: string): Promise<number> => statusOf(fetch(`${host}/readyz`));

/** Longer than a not-before instant is held. */
const notBeforeSeconds = 16;

describe('[ER05] storage that is away for a while', () => {
  it.each<Fault>([{ kind: 'reset-before' }, { kind: 'hang' }, { kind: 'throttle' }])(
    '$kind: everything that needs it answers 503 with Retry-After, the rest goes on, and afterwards nothing is lost',
    async (fault) => {
      const { issuer } = stack;
      const { api, nightly } = demoServices(issuer);
      // So the host has just read what is void, which it remembers for longer than storage is away.
      await stack.clock.move(notBeforeSeconds);
      const code = await web.code(person);
      const kept = await web.tokens(person);
      const given = await web.tokens(person);
      const revoked = await web.tokens(person);
      expect(await statusOf(web.revoke({ token: revoked.refresh_token }))).toBe(200);

      const requests: Readonly<Record<string, () => Promise<Response>>> = {
        redeem: () => web.redeem(code),
        refresh: () => web.refresh(kept.refresh_token),
        revoke: () => web.revoke({ token: given.refresh_token }),
        introspect: () => api.introspect({ token: kept.access_token }),
        authorize: () => person.send(web.authorization().url),
        list: () => person.send(`${issuer}/authorizations`),
        ready: () => fetch(`${issuer}/readyz`),
      };
      const unaffected: Readonly<Record<string, () => Promise<Response>>> = {
        metadata: () => fetch(`${issuer}/.well-known/oauth-authorization-server`),
        keys: () => fetch(`${issuer}/.well-known/jwks.json`),
        alive: () => fetch(`${issuer}/healthz`),
        clientCredentials: () => nightly.token({ grant_type: 'client_credentials', scope: 'vso.work' }),
      };
      expect(await statusOf((unaffected.clientCredentials as () => Promise<Response>)())).toBe(200);
      await withoutStorage(fault, async () => {
        const answers = Object.entries(requests).map(async ([name, send]) => {
          const { status, headers } = await send();
          return [name, status, Number(headers.get('retry-after')) > 0];
        });
        expect(await Promise.all(answers)).toEqual(Object.keys(requests).map((name) => [name, 503, true]));
        for (const [name, send] of Object.entries(unaffected))
          expect([name, (await send()).status]).toEqual([name, 200]);
      });

      expect(await readiness(issuer)).toBe(200);
      expect(await statusOf(web.redeem(code))).toBe(200);
      expect(await statusOf(web.refresh(kept.refresh_token))).toBe(200);
      expect(await statusOf(web.revoke({ token: given.refresh_token }))).toBe(200);
      for (const dead of [given, revoked]) {
        expect((await answerOf(api.introspect({ token: dead.access_token }))).body).toEqual({ active: false });
        expect(await statusOf(web.refresh(dead.refresh_token))).toBe(400);
      }
    },
  );

  it.each<Fault>([{ kind: 'hang' }, { kind: 'throttle' }])(
    '$kind: what services and people ask for besides tokens answers 503 with Retry-After, too',
    async (fault) => {
      const { issuer } = stack;
      const { api, nightly } = demoServices(issuer);
      const tokens = await web.tokens(person, { scope: 'openid vso.work' });
      const device = await registerDevice(issuer);
      const dpopKey = await newDpopKey();
      const metadata = { client_name: 'Agent', redirect_uris: ['https://agent.example/cb'] };
      const register = () =>
        fetch(`${issuer}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(metadata),
        });
      const registered = (await answerOf(register())).body as Readonly<Record<string, string>>;
      const authorizationOf = ({ registration: { clientId, secret = '' } }: Service) => basicAuth(clientId, secret);
      // Longer than what hosts remember of clients and of what is void.
      await stack.clock.move(notBeforeSeconds);
      const requests: Readonly<Record<string, () => Promise<Response>>> = {
        par: () => push(issuer, web).response,
        deviceAuthorization: () => askForCodes(issuer, device.registration),
        device: () => person.send(`${issuer}/device?user_code=BBBBBBBB`),
        endSession: () => person.send(`${issuer}/end-session?client_id=demo-web`),
        userinfo: () => fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } }),
        dpop: async () =>
          postForm(
            `${issuer}/token`,
            { grant_type: 'client_credentials' },
            { authorization: authorizationOf(nightly), dpop: await proofBy(dpopKey, { url: `${issuer}/token` }) },
          ),
        register,
        registration: () =>
          fetch(registered.registration_client_uri ?? '', {
            headers: { authorization: `Bearer ${registered.registration_access_token}` },
          }),
        revocations: () => fetch(`${issuer}/revocations`),
        events: () =>
          fetch(`${issuer}/events/poll`, {
            method: 'POST',
            body: '{}',
            headers: { 'content-type': 'application/json', authorization: authorizationOf(api) },
          }),
      };
      await withoutStorage(fault, async () => {
        const answers = Object.entries(requests).map(async ([name, send]) => {
          const { status, headers } = await send();
          return [name, status, Number(headers.get('retry-after')) > 0];
        });
        expect(await Promise.all(answers)).toEqual(Object.keys(requests).map((name) => [name, 503, true]));
      });
    },
  );

  it('a write that was given up cannot land after its 503 and make the retry look like a replay', async () => {
    const port = stack.ports.api;
    const host = await startHostProcess({ port, settings: stack.settings, print: false });
    try {
      const code = await web.code(person);
      stack.tableProxy.requests.length = 0;
      // Both attempts are late; what comes then is in time.
      let writes = 0;
      stack.tableProxy.rule = ({ method }) =>
        method === 'PATCH' && writes++ < 2 ? { kind: 'delay', milliseconds: 6_000 } : undefined;
      const elsewhere = createService(stack.issuer, web.registration, `http://localhost:${port}`);
      expect(await statusOf(elsewhere.redeem(code))).toBe(503);
      const givenUp: readonly TableRequest[] = stack.tableProxy.requests.filter(({ fault }) => fault === 'delay');
      const landed = () => givenUp.map(({ status }) => status);
      await expect.poll(landed, { interval: 50, timeout: 60_000 }).toEqual([412, 412]);
      // Another host, which knows nothing of that.
      expect(await statusOf(web.redeem(code))).toBe(200);
    } finally {
      stack.tableProxy.rule = undefined;
      await host.stop('SIGKILL', 0);
    }
  });

  it('nothing is issued while it is not known what was voided', async () => {
    const tokens = await web.tokens(person);
    await stack.clock.move(notBeforeSeconds);
    stack.tableProxy.rule = ({ path }) => (path.startsWith('/deployment') ? { kind: 'reset-before' } : undefined);
    expect(await statusOf(web.refresh(tokens.refresh_token))).toBe(503);
    stack.tableProxy.rule = undefined;
    expect(await statusOf(web.refresh(tokens.refresh_token))).toBe(200);
  });

  it('a host that starts without storage is alive, says what is missing, and is ready when it comes back', async () => {
    const port = stack.ports.api;
    const origin = `http://localhost:${port}`;
    const { nightly } = demoServices(stack.issuer, origin);
    stack.tableProxy.rule = () => ({ kind: 'reset-before' });
    const host = await startHostProcess({ port, settings: stack.settings, print: false });
    try {
      expect(await statusOf(fetch(`${origin}/healthz`))).toBe(200);
      const ready = await answerOf(fetch(`${origin}/readyz`));
      expect(ready.status).toBe(503);
      expect(ready.body).toMatchObject({ ready: false, dependencies: { storage: 'not available', signing: 'ready' } });
      expect(await statusOf(nightly.token({ grant_type: 'client_credentials' }))).toBe(503);
      stack.tableProxy.rule = undefined;
      expect(await readiness(origin)).toBe(200);
      expect(await statusOf(nightly.token({ grant_type: 'client_credentials' }))).toBe(200);
    } finally {
      stack.tableProxy.rule = undefined;
      await host.stop('SIGKILL', 0);
    }
  });

  it('the sweep survives it, and does its work afterwards', async () => {
    const sweep = () =>
      fetch(`${stack.issuer}/admin/functions/purge`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', 'x-functions-key': localMasterKey },
      });
    stack.tableProxy.rule = () => ({ kind: 'reset-before' });
    expect(await statusOf(sweep())).toBe(202);
    await expect.poll(() => stack.hostOutput()).toContain('storage is not available');
    stack.tableProxy.rule = undefined;
    expect(await statusOf(sweep())).toBe(202);
    await expect.poll(() => stack.hostOutput()).toContain('"event":"purged"');
  });
});

describe('[RF13] a host that ends in the middle', () => {
  /** A second host of the same issuer, killed when storage has carried out the first write that `isIt` knows. */
  const killedAt = async (
    isIt: (request: { method: string; path: string }) => boolean,
    send: (service: Service) => Promise<unknown>,
  ) => {
    const port = stack.ports.api;
    const host = await startHostProcess({ port, settings: stack.settings, print: false });
    const service = createService(stack.issuer, web.registration, `http://localhost:${port}`);
    stack.tableProxy.requests.length = 0;
    stack.tableProxy.rule = (request) => (isIt(request) ? { kind: 'hang-after-commit' } : undefined);
    const lost = send(service).then(
      () => false,
      () => true,
    );
    const isCommitted = () =>
      stack.tableProxy.requests.some(({ fault, status }) => fault !== 'pass' && status !== undefined);
    await expect.poll(isCommitted, { interval: 5, timeout: 60_000 }).toBe(true);
    await host.stop('SIGKILL', 0);
    stack.tableProxy.rule = undefined;
    expect(await lost).toBe(true);
  };

  it('a refresh that was committed and never answered is answered by another host with the same lineage', async () => {
    const tokens = await web.tokens(person);
    await killedAt(
      ({ method }) => method === 'PATCH',
      (service) => service.refresh(tokens.refresh_token),
    );
    const next = await okJson<TokenSet>(web.refresh(tokens.refresh_token));
    expect(await statusOf(web.refresh(next.refresh_token))).toBe(200);
  });

  /** Nobody is left who could know that it was not delivered, so RFC 6749 §4.1.2 decides: the safe side. */
  it('a code that was redeemed and never answered is spent: invalid_grant, and nothing of it is alive', async () => {
    const code = await web.code(person);
    await killedAt(
      ({ method }) => method === 'PATCH',
      (service) => service.redeem(code),
    );
    const again = await answerOf(web.redeem(code));
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    expect(await statusOf(web.redeem(await web.code(person)))).toBe(200);
  });

  it('one that is told to end with a hundred requests in flight finishes them or leaves them undone', async () => {
    const { nightly } = demoServices(stack.issuer);
    const families = await Promise.all(Array.from({ length: 20 }, () => web.tokens(person)));
    const quietly = (sent: Promise<Response>) => answerOf(sent).catch(() => undefined);
    const refreshes = families.map((family) => quietly(web.refresh(family.refresh_token)));
    const authorizations = Array.from({ length: 20 }, () => web.authorization({ prompt: 'none' }));
    const codes = authorizations.map(({ url }) => quietly(person.send(url)));
    const others = Array.from({ length: 60 }, () => quietly(nightly.token({ grant_type: 'client_credentials' })));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await stack.restartHost();

    const answers = await Promise.all([...refreshes, ...codes, ...others]);
    expect(
      answers.map((answer) => answer?.status).filter((status) => ![200, 303, 503, undefined].includes(status)),
    ).toEqual([]);
    expect(answers.some((answer) => answer?.status === 200)).toBe(true);
    for (const [index, family] of families.entries()) {
      const answer = await refreshes[index];
      const newest = answer?.status === 200 ? String(answer.body.refresh_token) : family.refresh_token;
      expect(await statusOf(web.refresh(newest))).toBe(200);
    }
    for (const [index, { verifier }] of authorizations.entries()) {
      const location = (await codes[index])?.headers.get('location') ?? undefined;
      if (location === undefined) continue;
      const code = new URL(location).searchParams.get('code') ?? '';
      expect(await statusOf(web.redeem({ code, verifier }))).toBe(200);
    }
  });
});
