/**
 * Storage faults, many at a time. Each case runs in a lane of its own: a browser session and a client that nobody else
 * uses, so that the proxy can tell by the keys in a request whose request it is.
 */
import { createHash } from 'node:crypto';
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { personAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import { demoServices, register, type Service } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import type { Fault, TableRequest } from '../support/table-proxy.ts';

export type Lane = {
  readonly stack: Stack;
  person: Person;
  service: Service;
  /** Faults the `index`-th storage request from here on that has one of `marks`, and all later ones if `stays`. */
  arm(plan: Omit<Plan, 'seen'>): void;
  /** Ends the fault. Gives the number of this lane's storage requests while it was armed. */
  disarm(): number;
};

type Plan = {
  readonly marks: readonly string[];
  readonly index: number;
  readonly stays: boolean;
  readonly fault: Fault;
  seen: number;
};

export type Lanes = {
  readonly stack: Stack;
  /** Whether the instance goes by what it wrote or showed last. */
  readonly remembers: boolean;
  /** Runs in a free lane; waits for one. */
  run<T>(use: (lane: Lane) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

const laneCount = 24;
/** Families of one client and person are counted from fifty on, which takes other requests. */
const casesPerClient = 20;

const unhurried = {
  SOURCE_REQUESTS_PER_SECOND: '100000',
  CLIENT_TOKENS_PER_SECOND: '100000',
  CLIENT_SHARE_PER_SECOND: '100000',
  AUTHORIZATION_TOKENS_PER_SECOND: '100000',
};

export const startLanes = async ({ remembers = false } = {}): Promise<Lanes> => {
  const settings = remembers ? unhurried : { ...unhurried, CACHED_SESSIONS: '0' };
  const stack = await startStack({ throughProxy: true, settings });
  const plans = new Set<Plan>();
  stack.tableProxy.rule = (request) => faultFor(request, plans);
  const free = Array.from({ length: laneCount }, () => createLane(stack, plans));
  const waiting: ((lane: Lane) => void)[] = [];
  return {
    stack,
    remembers,
    run: async (use) => {
      const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
      try {
        return await use(lane);
      } finally {
        lane.disarm();
        const next = waiting.shift();
        if (next === undefined) free.push(lane);
        else next(lane);
      }
    },
    stop: stack.stop,
  };
};

const faultFor = ({ path, bodyStart }: Pick<TableRequest, 'path' | 'bodyStart'>, plans: ReadonlySet<Plan>) => {
  const text = `${decodeURIComponent(path)}\n${bodyStart}`;
  for (const plan of plans) {
    if (!plan.marks.some((mark) => text.includes(mark))) continue;
    const index = plan.seen++;
    if (index === plan.index || (plan.stays && index > plan.index)) return plan.fault;
  }
  return undefined;
};

const createLane = (stack: Stack, plans: Set<Plan>): Lane => {
  let armed: Plan | undefined;
  const nobody = personAt(stack);
  return {
    stack,
    person: nobody,
    service: demoServices(stack.issuer).web,
    arm: (plan) => {
      armed = { ...plan, seen: 0 };
      plans.add(armed);
    },
    disarm: () => {
      if (armed !== undefined) plans.delete(armed);
      return armed?.seen ?? 0;
    },
  };
};

const uses = new WeakMap<Lane, number>();

/** Makes sure that the person is signed in and has authorized the lane's client. */
export const settleIn = async (lane: Lane): Promise<void> => {
  const { issuer } = lane.stack;
  const used = uses.get(lane) ?? 0;
  uses.set(lane, used + 1);
  if (sessionCookie(lane.person) === undefined) await lane.person.visit(`${issuer}/authorizations`);
  if (used % casesPerClient === 0) lane.service = await register(issuer);
  await lane.service.code(lane.person);
};

export const sessionCookie = (person: Person): string | undefined =>
  person.cookies.get('localhost')?.get('assent-session');

/** Keys by which the lane's own requests are known: its session's row, and all rows of its client. */
export const marksOf = ({ person, service }: Lane): readonly string[] => [
  ...[sessionMark(sessionCookie(person) ?? '')].flatMap((mark) => [mark, encodeURIComponent(mark)]),
  ...['grant', 'family'].map((kind) => `${kind}:${clientKeyOf(service.registration.clientId).toString('hex')}`),
];

/** The row key of a session (the cookie's value is the user key, 32 bytes, and the secret). */
const sessionMark = (cookie: string): string => {
  const secret = Buffer.from(cookie, 'base64url').subarray(32);
  return `session:${createHash('sha256').update(secret).digest('base64url')}`;
};
