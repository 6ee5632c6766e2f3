/** Rules and declarations that change beside asking, refreshing and introspecting hold at every host once 15 seconds are over. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf } from '../support/admin.ts';
import { answerOf } from '../support/answer.ts';
import { permissionsOf } from '../support/permissions.ts';
import { freePolicy } from '../support/policy.ts';
import { createService, demoServices, okJson, register, type Service } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, spread, startArena, times, tokensOf, wordOf } from './arena.ts';
import { never, refreshes } from './revoked.ts';

/** Longer than any instance goes by what it has read. */
const heardSeconds = 16;

let arena: Arena;
let call: Admin;

beforeAll(async () => {
  arena = await startArena();
  const { issuer } = arena.stack;
  call = async (...args) => adminWith(issuer, await ownTokenOf(demoServices(issuer).operator))(...args);
});

// Whatever a try before left in force.
beforeEach(async () => {
  await rule();
  await arena.stack.clock.move(heardSeconds);
});

afterAll(() => arena.stop());

const change = async (method: string, path: string, body?: object): Promise<void> => {
  const { status } = await call(method, path, body === undefined ? {} : { body });
  expect([method, path, status < 300]).toEqual([method, path, true]);
};

const rule = (more: object = {}): Promise<void> => change('PUT', 'policy', { ...freePolicy, ...more });

const atEachHost = ({ registration }: Service): readonly Service[] =>
  arena.stack.hosts.map((host) => createService(arena.stack.issuer, registration, host));

/** What is answered to a person who comes from the service again, at one of the hosts. */
const asked = async (service: Service, index: number): Promise<string> => {
  const { hosts } = arena.stack;
  const answer = await arena.personAt(hosts[index % hosts.length] ?? '').send(service.authorization().url);
  const { searchParams } = new URL(answer.headers.get('location') ?? 'none:');
  return searchParams.has('code') ? 'code' : `${answer.status} ${searchParams.get('error')}`;
};

/** What a service is told of its token: a blocked one is told nothing. */
const told = async (service: Service, token: string): Promise<string> => {
  const answer = await answerOf(service.introspect({ token }));
  return answer.status === 200 ? `active ${answer.body.active}` : wordOf(answer);
};

const approved = async (service: Service, fields = {}) =>
  answerOf(service.redeem(await service.code(arena.person, fields)));

type Stopping = {
  readonly name: string;
  /** Rules so that the service of this id stops. */
  readonly stop: (clientId: string) => Promise<void>;
  readonly again: (clientId: string) => Promise<void>;
  /** What is answered to a refresh, and to who comes from the service. */
  readonly refusal: string;
  readonly turnedAway: RegExp;
};

const ruleOf = (clientId: string, access: string): Promise<void> =>
  change('PUT', `policy/service?${String(new URLSearchParams({ client_id: clientId }))}`, { access });

const stoppings: readonly Stopping[] = [
  {
    name: 'access that is switched off',
    stop: () => rule({ third_party_access: 'off' }),
    again: () => rule(),
    refusal: '400 unauthorized_client',
    turnedAway: /access_denied$/,
  },
  {
    name: 'services without a rule, which are blocked,',
    stop: () => rule({ other_services: 'blocked' }),
    again: () => rule(),
    refusal: '400 unauthorized_client',
    turnedAway: /^400 null$/,
  },
  {
    name: 'a service that is blocked by its own rule',
    stop: (clientId) => ruleOf(clientId, 'blocked'),
    again: (clientId) => ruleOf(clientId, 'default'),
    refusal: '400 unauthorized_client',
    turnedAway: /^400 null$/,
  },
  {
    name: 'a level of sign-in that nobody has',
    stop: () => rule({ sign_in: { acr: ['urn:nobody:has:it'] } }),
    again: () => rule(),
    refusal: '400 invalid_grant',
    // To the sign-in provider.
    turnedAway: /^303 null$/,
  },
];

describe('a rule that changes beside its use:', () => {
  it.each(stoppings)(
    '$name is off at every host for all that came of it, and on again nothing was lost',
    ({ stop, again, refusal, turnedAway }) =>
      everyRound(async (round) => {
        const service = await arena.newClient();
        const { clientId } = service.registration;
        const speak = spread(service, arena.stack, round);
        const first = await approved(service);
        const [, refreshed, introspected, answers] = await Promise.all([
          stop(clientId),
          refreshes(speak, tokensOf(first).refreshToken),
          times(6, (index) => told(speak(index), tokensOf(first).accessToken)),
          times(6, (index) => asked(service, index)),
        ]);
        never(refreshed.map(wordOf), new RegExp(`^200$|^${refusal}$`));
        never(answers, new RegExp(`^code$|${turnedAway.source}`));
        never(introspected, /^active (?:true|false)$|^400 unauthorized_client$/);
        await arena.stack.clock.move(heardSeconds);
        const given = [first, ...refreshed].filter(({ status }) => status === 200).map(tokensOf);
        for (const one of atEachHost(service))
          for (const { accessToken, refreshToken } of given) {
            expect(await told(one, accessToken)).toMatch(/^active false$|^400 unauthorized_client$/);
            expect(wordOf(await answerOf(one.refresh(refreshToken)))).toBe(refusal);
          }
        for (const index of [0, 1]) expect(await asked(service, index)).toMatch(turnedAway);
        await again(clientId);
        await arena.stack.clock.move(heardSeconds);
        expect(wordOf(await answerOf(service.refresh(given.at(-1)?.refreshToken ?? '')))).toBe('200');
      }),
    patienceMilliseconds,
  );
});

describe('a permission that leaves its declaration beside its use', () => {
  it(
    'is in no token at any host once they have heard of it',
    () =>
      everyRound(async (round) => {
        const identifier = `https://raced-${round}.example`;
        const declaration = { identifier, name: 'Raced', permissions: permissionsOf('stays', 'goes') };
        const path = `catalogue/resource?${new URLSearchParams({ identifier })}`;
        await change('POST', 'catalogue', declaration);
        await arena.stack.clock.move(heardSeconds);
        const scope = 'stays goes';
        const service = await register(arena.stack.issuer, { scope, assent_resource_server_of: [identifier] });
        const speak = spread(service, arena.stack, round);
        const first = await approved(service, { scope, resource: identifier });
        const [, refreshed] = await Promise.all([
          change('PUT', path, { ...declaration, permissions: permissionsOf('stays') }),
          refreshes(speak, tokensOf(first).refreshToken),
        ]);
        never(refreshed.map(wordOf), /^200$/);
        await arena.stack.clock.move(heardSeconds);
        for (const one of atEachHost(service))
          for (const { accessToken: token } of [first, ...refreshed].map(tokensOf))
            expect((await okJson(one.introspect({ token }))).scope).toBe('stays');
        const last = await answerOf(service.refresh(tokensOf(refreshed[0] ?? first).refreshToken));
        expect([wordOf(last), last.body.scope]).toEqual(['200', 'stays']);
        await change('DELETE', path);
      }),
    patienceMilliseconds,
  );
});
