/**
 * How many services and authorizations there are, and which services need care, so that nobody who looks has to count. The timer
 * counts in passes over all services, a part at each run.
 *
 *   Table deployment   PartitionKey sweep   RowKey survey     after, and the columns of `tallyColumns`: the pass under way
 *                                           RowKey surveyed   at, and the same columns: what the last whole pass found
 *                                           RowKey events     at: when the timer last got through (see `outbox.ts`)
 */
import type { Client } from '../oauth/clients/client.ts';
import type { Clock } from '../oauth/crypto.ts';
import { clientKeyOf } from '../oauth/tokens/locator.ts';
import type { Clients } from './clients.ts';
import type { ServiceIndex } from './service-index.ts';
import type { Row, Table } from './table.ts';

/** A service that needs care, and how soon: less is sooner. */
type Caring = readonly [clientId: string, urgency: number];

type Tally = {
  readonly services: number;
  readonly authorizations: number;
  /** How many need care. */
  readonly needy: number;
  /** The most urgent of them. */
  readonly first: readonly Caring[];
};

/** `at` is the end of the pass, in epoch seconds. */
type Survey = Tally & { readonly at: number };

export type Surveys = {
  /**
   * Goes on with the pass, or begins one. `urgencyOf` says how urgently a service needs care; undefined for one that does not.
   * True when the pass is whole. Throws `Unavailable`: then the next run begins where this one did.
   */
  run(urgencyOf: (client: Client) => number | undefined): Promise<boolean>;
  /** What the last pass found, and when the timer last got through; undefined before the first time. One read. Throws `Unavailable`. */
  read(): Promise<{ readonly survey: Survey | undefined; readonly timerRanAt: number | undefined }>;
};

type Surroundings = {
  readonly deployment: Pick<Table, 'read' | 'range' | 'write'>;
  readonly clients: Pick<Clients, 'list'>;
  readonly serviceIndex: Pick<ServiceIndex, 'count'>;
  readonly clock: Clock;
  /** Services that a run looks at. Each takes a call. */
  readonly atMost: number;
};

type TallyColumns = {
  readonly services: number;
  readonly authorizations: number;
  readonly needy: number;
  readonly first: string;
};

const partitionKey = 'sweep';
const pageSize = 500;
const atOnce = 16;

/** More than anybody looks through; they fit into a column. */
const firstLimit = 50;

const nothing: Tally = { services: 0, authorizations: 0, needy: 0, first: [] };

export const openSurveys = (surroundings: Surroundings): Surveys => ({
  run: (urgencyOf) => run(surroundings, urgencyOf),
  read: async () => {
    const rows = await surroundings.deployment.range<TallyColumns & { readonly at?: number }>(partitionKey, ' ', '~');
    const surveyed = rows.find(({ rowKey }) => rowKey === 'surveyed');
    return {
      survey: surveyed && { ...tallyFrom(surveyed), at: surveyed.at ?? 0 },
      timerRanAt: rows.find(({ rowKey }) => rowKey === 'events')?.at,
    };
  },
});

const run = async (surroundings: Surroundings, urgencyOf: (client: Client) => number | undefined): Promise<boolean> => {
  const { deployment, clients, clock, atMost } = surroundings;
  const begun = await deployment.read<TallyColumns & { readonly after: string }>(partitionKey, 'survey');
  let [tally, after] = begun === undefined ? [nothing, undefined] : [tallyFrom(begun), begun.after || undefined];
  const size = Math.min(pageSize, atMost);
  for (let seen = 0; seen < atMost; seen += size) {
    const page = await clients.list({ size, after });
    tally = added(tally, await tallyOf(surroundings, page.clients, urgencyOf));
    after = page.next;
    if (after === undefined) break;
  }
  const isWhole = after === undefined;
  await deployment.write([
    { upsert: { partitionKey, rowKey: 'survey', after: after ?? '', ...columnsOf(isWhole ? nothing : tally) } },
    ...(isWhole ? [{ upsert: { partitionKey, rowKey: 'surveyed', at: clock(), ...columnsOf(tally) } }] : []),
  ]);
  return isWhole;
};

const tallyOf = async (
  { serviceIndex }: Surroundings,
  clients: readonly Client[],
  urgencyOf: (client: Client) => number | undefined,
): Promise<Tally> => {
  const waiting = clients.values();
  const counts: number[] = [];
  const work = async (): Promise<void> => {
    for (const { clientId } of waiting) counts.push(await serviceIndex.count(clientKeyOf(clientId)));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const first = clients.flatMap((client): readonly Caring[] => {
    const urgency = urgencyOf(client);
    return urgency === undefined ? [] : [[client.clientId, urgency]];
  });
  const authorizations = counts.reduce((sum, count) => sum + count, 0);
  return { services: clients.length, authorizations, needy: first.length, first };
};

const added = (one: Tally, other: Tally): Tally => ({
  services: one.services + other.services,
  authorizations: one.authorizations + other.authorizations,
  needy: one.needy + other.needy,
  first: [...one.first, ...other.first].sort(([, a], [, b]) => a - b).slice(0, firstLimit),
});

const tallyFrom = ({ services, authorizations, needy, first }: Row<TallyColumns>): Tally => ({
  services,
  authorizations,
  needy,
  first: JSON.parse(first) as Tally['first'],
});

const columnsOf = ({ first, ...counts }: Tally): TallyColumns => ({ ...counts, first: JSON.stringify(first) });
