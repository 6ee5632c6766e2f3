/** The measurements of `npm run bench` as the README has them. */
import type { Cost, Costs } from './measure.ts';
import { provenance, table } from './readme.ts';
import { median, spread } from './statistics.ts';
import { chainedRefresh, steps } from './steps.ts';
import { kinds, type ServerName, servers } from './subjects.ts';

/** All that was measured of one server. */
export type Measured = {
  /** One entry per round. */
  readonly rounds: readonly Costs[];
  /** Dependent round trips by step. */
  readonly roundTrips: Readonly<Record<string, number>>;
  readonly residentMegabytes: number;
};

type Facts = {
  readonly measured: Readonly<Record<ServerName, Measured>>;
  readonly rounds: number;
  readonly flows: number;
};

const wholeFlowName = 'whole flow';
const rowNames = [...steps.map(({ name }) => name), chainedRefresh.name];

const ofFlow = steps.filter(({ isOfFlow }) => isOfFlow).map(({ name }) => name);

/** The parts of a row: a step, or the steps of the whole flow. */
const partsOf = (row: string): readonly string[] => (row === wholeFlowName ? ofFlow : [row]);

/** `pick` of a row in each round, its parts added up. */
const perRound = ({ rounds }: Measured, row: string, pick: (cost: Cost) => number): readonly number[] =>
  rounds.map((costs) =>
    partsOf(row).reduce((sum, part) => {
      const cost = costs[part];
      return sum + (cost === undefined ? Number.NaN : pick(cost));
    }, 0),
  );

const cpu = (measured: Measured, row: string): readonly number[] =>
  perRound(measured, row, ({ cpuMilliseconds }) => cpuMilliseconds);

const short = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

const withSpread = (values: readonly number[]): string =>
  `${short(median(values))} (${spread(values).map(short).join('–')})`;

const cpuTable = ({ measured }: Facts): string =>
  table(
    ['CPU of the server, ms', ...servers.map((name) => kinds[name].title), 'Assent ÷ same host', 'Assent ÷ plain Node'],
    [...rowNames, wholeFlowName].map((row) => [
      row === wholeFlowName ? `**${row}**` : row,
      ...servers.map((name) => withSpread(cpu(measured[name], row))),
      ...(['peer', 'plain'] as const).map((name) =>
        (median(cpu(measured.assent, row)) / median(cpu(measured[name], row))).toFixed(2),
      ),
    ]),
  );

/** A slope of almost nothing may be negative. */
const tenths = (value: number): string => Math.max(0, value).toFixed(1);

const workOf = (measured: Measured, row: string): string => {
  const typical = (pick: (cost: Cost) => number): number => median(perRound(measured, row, pick));
  const trips = partsOf(row).reduce((sum, part) => sum + (measured.roundTrips[part] ?? Number.NaN), 0);
  return [
    typical(({ calls }) => calls.storage).toFixed(1),
    typical(({ calls }) => calls.vault).toFixed(1),
    typical(({ kilobytes }) => kilobytes).toFixed(1),
    Number.isNaN(trips) ? '' : tenths(trips),
  ].join(' / ');
};

const workTable = ({ measured }: Facts): string =>
  table(
    ['storage / vault calls / kilobytes / dependent round trips', ...servers.map((name) => kinds[name].title)],
    [...rowNames, wholeFlowName].map((row) => [row, ...servers.map((name) => workOf(measured[name], row))]),
  );

/** Markdown. */
export const benchSection = async (facts: Facts & { readonly flowsBeforeMemory: number }): Promise<string> => {
  const memory = servers.map((name) => `${kinds[name].title} ${facts.measured[name].residentMegabytes.toFixed(0)} MB`);
  return [
    await provenance(),
    `${facts.rounds} rounds of ${facts.flows} authorizations each, the servers in turn; medians, and the lowest and highest round.`,
    'A whole flow is a request with approval, a code exchange, two refreshes and a revocation, of somebody who is signed in.',
    '',
    cpuTable(facts),
    '',
    workTable(facts),
    '',
    `Resident memory after ${facts.flowsBeforeMemory} flows: ${memory.join('; ')}.`,
  ].join('\n');
};
