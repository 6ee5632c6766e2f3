/** Every fault at every storage request of a scenario, and what must hold of it. */
import { type Answer, answerOf } from '../support/answer.ts';
import type { Fault } from '../support/table-proxy.ts';
import { type Lane, type Lanes, marksOf, settleIn } from './lanes.ts';

/** One request of a service or of a browser, ready to be sent. */
export type Attempt = {
  /** Sends it; again for a retry. */
  readonly send: () => Promise<Response>;
  /** Undefined when the answer is the success that is wanted, else what is wrong with it. */
  readonly problem: (answer: Answer) => string | undefined;
  /** After the fault: what must hold, given the successful answer. Rejects or gives a problem. */
  readonly afterwards: (answer: Answer) => Promise<string | undefined>;
  /** Keys of rows that belong to no lane. */
  readonly marks?: readonly string[];
  /** Another way on that a person is offered after a 503, instead of the same request. */
  readonly again?: () => Promise<Response>;
};

export type Scenario = {
  readonly name: string;
  /** Storage requests of the request when nothing fails. */
  readonly operations: number;
  /** Whether an instance that remembers what it wrote or showed last asks once less. */
  readonly isByCopy?: true;
  readonly audience: 'services' | 'people';
  /** True for what needs no person: it prepares a client of its own. */
  readonly isImpersonal?: true;
  /** All of them unless told. */
  readonly faults?: readonly Fault[];
  readonly prepare: (lane: Lane) => Promise<Attempt>;
};

const faults: readonly Fault[] = [
  { kind: 'reset-before' },
  { kind: 'reset-after-commit' },
  { kind: 'status-500-after-commit' },
  { kind: 'delay', milliseconds: 300 },
  // Longer than anybody waits: it lands when it has been given up.
  { kind: 'delay', milliseconds: 3_500 },
  { kind: 'hang' },
  { kind: 'hang-after-commit' },
  { kind: 'throttle' },
  { kind: 'throttle', retryAfterSeconds: 1 },
];

/**
 * In CI every fault meets every scenario. On somebody's machine each meets a third of them, other ones than its neighbour, so
 * that a run stays within minutes.
 */
const faultsOf = ({ name, operations, faults: few }: Scenario): readonly Fault[] =>
  few ??
  (process.env.CI === 'true' ? faults : faults.filter((_, index) => (index + name.length + operations) % 3 === 0));

const longestAnswerMilliseconds = 40_000;

/** What went wrong, one line per case; empty when nothing did. */
export const problemsOf = async (
  lanes: Lanes,
  given: Scenario,
  order: 'together' | 'one by one' = 'together',
): Promise<string[]> => {
  const saved = lanes.remembers && given.isByCopy === true ? 1 : 0;
  const scenario = { ...given, operations: given.operations - saved };
  const undisturbed = await lanes.run((lane) => countOperations(lane, scenario));
  const cases = faultsOf(scenario).flatMap((fault) =>
    Array.from({ length: scenario.operations }, (_, index) => [
      { fault, index, stays: false },
      { fault, index, stays: true },
    ]).flat(),
  );
  const problems = [undisturbed];
  const playOne = async (one: Case): Promise<void> => {
    const problem = await lanes.run((lane) => play(lane, scenario, one)).catch(String);
    problems.push(problem && `${describeCase(one)}: ${problem}`);
  };
  if (order === 'together') await Promise.all(cases.map(playOne));
  else for (const one of cases) await playOne(one);
  return problems.filter((problem) => problem !== undefined);
};

type Case = { readonly fault: Fault; readonly index: number; readonly stays: boolean };

const describeCase = ({ fault, index, stays }: Case): string =>
  `${JSON.stringify(fault)} at storage request ${index + 1}${stays ? ' and all after it' : ''}`;

const prepareIn = async (lane: Lane, scenario: Scenario) => {
  if (scenario.isImpersonal !== true) await settleIn(lane);
  const attempt = await scenario.prepare(lane);
  const own = attempt.marks ?? [];
  return { attempt, marks: scenario.isImpersonal === true ? own : [...marksOf(lane), ...own] };
};

/** Keeps `operations` true, so that no request goes untested. */
const countOperations = async (lane: Lane, scenario: Scenario): Promise<string | undefined> => {
  const { attempt, marks } = await prepareIn(lane, scenario);
  lane.arm({ marks, index: -1, stays: false, fault: { kind: 'pass' } });
  const answer = await answerOf(attempt.send());
  const operations = lane.disarm();
  if (operations !== scenario.operations) return `there are ${operations} storage requests, not ${scenario.operations}`;
  return attempt.problem(answer) ?? attempt.afterwards(answer);
};

const play = async (lane: Lane, scenario: Scenario, { fault, index, stays }: Case): Promise<string | undefined> => {
  const { attempt, marks } = await prepareIn(lane, scenario);
  lane.arm({ marks, index, stays, fault });
  const startedAt = performance.now();
  const first = await answerOf(attempt.send());
  const took = performance.now() - startedAt;
  if (lane.disarm() <= index) return 'the fault never happened';
  if (took > longestAnswerMilliseconds) return `the answer took ${Math.round(took)} ms`;
  if (first.status !== 503) return attempt.problem(first) ?? attempt.afterwards(first);
  const unclear = problemOf503(first, scenario.audience);
  if (unclear !== undefined) return unclear;
  const second = await answerOf((attempt.again ?? attempt.send)());
  const refused = attempt.problem(second);
  return refused === undefined ? attempt.afterwards(second) : `after a 503 the retry was refused: ${refused}`;
};

const problemOf503 = ({ headers, body, text }: Answer, audience: Scenario['audience']): string | undefined => {
  if (!/^[1-9]\d*$/.test(headers.get('retry-after') ?? '')) return 'the 503 has no Retry-After';
  const type = headers.get('content-type') ?? '';
  if (audience === 'people') return type.startsWith('text/html') ? undefined : `the 503 is no page but ${type}`;
  return body.error === 'temporarily_unavailable' ? undefined : `the 503 says ${text}`;
};
