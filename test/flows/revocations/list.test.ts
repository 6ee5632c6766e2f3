/** What resource servers hear of, from whatever ends it; each by its digest, and soon. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { digestOf, type RevocationList } from '../../../src/oauth/tokens/revocation-list.ts';
import { ownTokenOf } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { callRegister, registerItself } from '../../support/registration.ts';
import { listAt, listWhen, names } from '../../support/revocations.ts';
import { revokeAll } from '../../support/revoking.ts';
import { administer, demoServices, okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let alice: Person;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  services = demoServices(stack.issuer);
  alice = await signedInAt(stack);
});

afterAll(() => stack.stop());

const claimsOf = ({ access_token: token }: Pick<TokenSet, 'access_token'>) => jwtPart(token, 'payload');

const expectListed = async (claim: 'sid' | 'jti', value: unknown): Promise<void> => {
  const list = await listWhen(stack.issuer, (one) => names(one, claim, value));
  expect(names(list, claim, value)).toBe(true);
};

const voidUpToNow = async (body: Readonly<Record<string, unknown>>): Promise<number> => {
  const answer = administer(stack.issuer, { method: 'POST', path: 'not-before', body });
  return (await okJson<{ readonly not_before: number }>(answer)).not_before;
};

const instantOf = async (read: (list: RevocationList) => number | undefined): Promise<number | undefined> =>
  read(await listWhen(stack.issuer, (list) => read(list) !== undefined));

describe('the list of what ended lately', () => {
  it('[RL02] is a signed document of its own type, which expires, and which names nobody who lives', async () => {
    const tokens = await services.web.tokens(alice);
    const answer = await fetch(`${stack.issuer}/revocations`);
    expect(answer.headers.get('content-type')).toBe('application/assent-revocations+jwt');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3');
    const list = await listAt(stack.issuer);
    expect(list).toMatchObject({ iss: stack.issuer, exp: Number(list.iat) + 300 });
    expect(names(list, 'sid', claimsOf(tokens).sid)).toBe(false);
  });

  it('need not be fetched again while nothing is new', async () => {
    const first = await fetch(`${stack.issuer}/revocations`);
    const etag = first.headers.get('etag') ?? '';
    const again = () => fetch(`${stack.issuer}/revocations`, { headers: { 'if-none-match': etag } });
    // The minute may have changed between the two.
    const statuses = [(await again()).status, (await again()).status];
    expect(etag).toMatch(/^W\/"/);
    expect(statuses).toContain(304);
  });

  it('stands in the metadata', async () => {
    const metadata = await okJson(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(metadata.assent_revocations_uri).toBe(`${stack.issuer}/revocations`);
  });

  it('[RL01] names the session of a refresh token that its service gave back', async () => {
    const tokens = await services.web.tokens(alice);
    await services.web.revoke({ token: tokens.refresh_token });
    await expectListed('sid', claimsOf(tokens).sid);
  });

  it('[RL01] names an access token that its service gave back, and not its session', async () => {
    const tokens = await services.web.tokens(alice);
    await services.web.revoke({ token: tokens.access_token });
    await expectListed('jti', claimsOf(tokens).jti);
    expect(names(await listAt(stack.issuer), 'sid', claimsOf(tokens).sid)).toBe(false);
  });

  it('[RL01] names a token that a service had for itself', async () => {
    const token = await ownTokenOf(services.nightly);
    await services.nightly.revoke({ token });
    await expectListed('jti', jwtPart(token, 'payload').jti);
  });

  it('[RL01] names every session of a service that the person revokes', async () => {
    const service = await register(stack.issuer);
    const both = [await service.tokens(alice), await service.tokens(alice)];
    await revokeAll(alice, stack.issuer);
    for (const tokens of both) await expectListed('sid', claimsOf(tokens).sid);
  });

  it('[RL01] names the session of a refresh token that was replayed', async () => {
    const tokens = await services.web.tokens(alice);
    const second = await okJson<TokenSet>(services.web.refresh(tokens.refresh_token));
    await okJson(services.web.refresh(second.refresh_token));
    expect((await services.web.refresh(tokens.refresh_token)).status).toBe(400);
    await expectListed('sid', claimsOf(tokens).sid);
  });

  it('[RL01] voids tokens from before the person took a permission back', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    await narrow(service, ['vso.work']);
    const sid = digestOf(String(claimsOf(tokens).sid));
    const before = await instantOf((list) => list.not_before.sid[sid]);
    expect(before).toBeGreaterThan(Number(claimsOf(tokens).iat));
    expect(names(await listAt(stack.issuer), 'sid', claimsOf(tokens).sid)).toBe(false);
  });

  it('[RL01] voids tokens of a service that an operator cuts off, blocks or deletes', async () => {
    const [cut, blocked, deleted] = [
      await register(stack.issuer),
      await register(stack.issuer),
      await register(stack.issuer),
    ];
    const clientIdOf = ({ registration }: Service) => registration.clientId;
    await voidUpToNow({ client_id: clientIdOf(cut) });
    const path = `apps/${clientIdOf(blocked)}`;
    const metadata = await okJson(administer(stack.issuer, { method: 'GET', path }));
    await administer(stack.issuer, { method: 'PUT', path, body: { ...metadata, assent_blocked: true } });
    await administer(stack.issuer, { method: 'DELETE', path: `apps/${clientIdOf(deleted)}` });
    for (const service of [cut, blocked, deleted]) {
      const digest = digestOf(clientIdOf(service));
      expect(await instantOf((list) => list.not_before.client_id[digest])).toBeGreaterThan(Date.now() / 1000);
    }
  });

  it('[RL01] voids tokens of a service that takes back its own registration, once it has got any', async () => {
    const [used, unused] = [await registerItself(stack.issuer), await registerItself(stack.issuer)];
    await used.service.tokens(alice);
    for (const { service, told } of [unused, used]) {
      const call = {
        method: 'DELETE',
        path: `/${service.registration.clientId}`,
        token: String(told.registration_access_token),
      };
      expect((await callRegister(stack.issuer, call)).status).toBe(204);
    }
    const [gone, never] = [used, unused].map(({ service }) => digestOf(service.registration.clientId));
    expect(await instantOf((list) => list.not_before.client_id[String(gone)])).toBeGreaterThan(Date.now() / 1000);
    expect((await listAt(stack.issuer)).not_before.client_id).not.toHaveProperty(String(never));
  });

  it('[RL01] voids tokens of a service that takes back its registration, which an operator had let get some of its own', async () => {
    const { service, told } = await registerItself(stack.issuer);
    const path = `apps/${told.client_id}`;
    const metadata = await okJson<{ grant_types: string[] }>(administer(stack.issuer, { method: 'GET', path }));
    const change = (grants: readonly string[]) =>
      okJson(administer(stack.issuer, { method: 'PUT', path, body: { ...metadata, grant_types: grants } }));
    await change([...metadata.grant_types, 'client_credentials']);
    await okJson(service.token({ grant_type: 'client_credentials', scope: 'vso.work' }));
    await change(metadata.grant_types);
    const token = String(told.registration_access_token);
    const call = { method: 'DELETE', path: `/${told.client_id}`, token };
    expect((await callRegister(stack.issuer, call)).status).toBe(204);
    const digest = digestOf(String(told.client_id));
    expect(await instantOf((list) => list.not_before.client_id[digest])).toBeGreaterThan(Date.now() / 1000);
  });

  it('[RL01] names the sessions of a person whom an operator cuts off, and voids what is made meanwhile', async () => {
    const bob = await signedInAt(stack, 'bob');
    const tokens = await services.web.tokens(bob);
    const instant = await voidUpToNow({ subject: users.find(({ login }) => login === 'bob')?.objectId });
    await expectListed('sid', claimsOf(tokens).sid);
    const digest = digestOf(String(claimsOf(tokens).sub));
    expect(await instantOf((list) => list.not_before.sub[digest])).toBe(instant + 30);
  });

  it('[RL03] is refused with 503 while storage is away, and the revocation as well: neither says what is not so', async () => {
    const tokens = await services.web.tokens(alice);
    await listAt(stack.issuer);
    stack.tableProxy.rule = ({ path }) => (path.startsWith('/replay') ? { kind: 'throttle' } : undefined);
    expect((await services.web.revoke({ token: tokens.refresh_token })).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect((await fetch(`${stack.issuer}/revocations`)).status).toBe(503);
    stack.tableProxy.rule = undefined;
    await okJson(services.web.refresh(tokens.refresh_token));
    expect((await fetch(`${stack.issuer}/revocations`)).status).toBe(200);
  });

  it('[RL01] voids everything when everything is void', async () => {
    const instant = await voidUpToNow({ everyone: true });
    const isThat = ({ not_before: { everyone } }: RevocationList) => everyone === instant + 30;
    expect(isThat(await listWhen(stack.issuer, isThat))).toBe(true);
  });
});

/** Asked once more, the person leaves only these ticked. */
const narrow = async (service: Service, permissions: readonly string[]): Promise<void> => {
  const { url } = service.authorization({ scope: 'vso.work vso.code', prompt: 'consent' });
  await alice.decide(await approvalPageOf(alice, url), { decision: 'approve', permissions });
};
