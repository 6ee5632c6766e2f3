/**
 * What operators rule (`oauth/policy/policy.ts`), in the table `deployment`:
 *
 *   PartitionKey not-before     RowKey policy        policy: JSON, what it lacks is as by default
 *                                                    needsOperator: JSON by resource, where it is too long to be in that
 *                                      client-rules  version: another text after every change of a service's rule
 *   PartitionKey client-rules   RowKey <clientKey>   clientId, rule: JSON, changedAt
 *
 * The first two are in the list that every instance reads anyway, once in 15 seconds. The rules of services are not, because
 * there may be thousands: an instance reads the rule of a service when that is asked for, and again when the version in the
 * list is another one, or a minute is over. So what is read every 15 seconds does not grow with them, and while there are
 * none they cost nothing.
 */
import { base64url, type Clock, type Random } from '../oauth/crypto.ts';
import type { ClientRule, Policy } from '../oauth/policy/policy.ts';
import { clientKeyOf } from '../oauth/tokens/locator.ts';
import { type DeploymentList, listPartition, onceEach } from './deployment-list.ts';
import { type PolicyColumns, policyColumns, policyFrom, ruleIn, ruleText } from './policy-text.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';

/** `etag` is undefined as long as nothing was ever ruled. */
type StoredPolicy = { readonly policy: Policy; readonly etag: string | undefined };

type StoredRule = {
  readonly clientId: string;
  readonly rule: ClientRule;
  /** Epoch seconds. */
  readonly changedAt: number;
  readonly etag: string;
};

export type Policies = {
  /** At most 15 seconds old. Throws `Unavailable`. */
  current(): Promise<Policy>;
  /** As stored now, for whoever is about to change it. Throws `Unavailable`. */
  read(): Promise<StoredPolicy>;
  /** False when it is not what was read. Throws `Unavailable`. */
  replace(policy: Policy, etag: string | undefined): Promise<boolean>;
  /** The service's rule, at most 15 seconds old; undefined for none. Throws `Unavailable`. */
  ruleOf(clientId: string): Promise<ClientRule | undefined>;
  /** As stored now. Throws `Unavailable`. */
  readRule(clientId: string): Promise<StoredRule | undefined>;
  /** Sets or (undefined) removes a rule. False when it is not the one that was read. Throws `Unavailable`. */
  replaceRule(clientId: string, rule: ClientRule | undefined, etag: string | undefined): Promise<boolean>;
  /** A page of rules after a client key (hex). One transaction. */
  rules(
    after: string | undefined,
  ): Promise<{ readonly rules: readonly StoredRule[]; readonly next: string | undefined }>;
};

type Options = {
  readonly list: DeploymentList;
  readonly clock: Clock;
  readonly random: Random;
  readonly clients: number;
};

const rulePartition = 'client-rules';
const policyKeys = { partitionKey: listPartition, rowKey: 'policy' };
const versionKeys = { partitionKey: listPartition, rowKey: 'client-rules' };

/** A change whose writer died before it told the others is heard of after this. */
const cacheSeconds = 60;

/** `clients` is how many rules an instance keeps at hand. */
export const openPolicies = (table: Table, options: Options): Policies => {
  const { list } = options;
  const policyOf = onceEach((entries) => policyFrom(entries.get(policyKeys.rowKey)));
  const rules = openRules(table, options);
  return {
    current: async () => policyOf(await list.current()),
    read: async () => {
      const row = await table.read<PolicyColumns>(policyKeys.partitionKey, policyKeys.rowKey);
      return { policy: policyFrom(row), etag: row?.etag };
    },
    replace: async (policy, etag) => {
      const row = { ...policyKeys, ...policyColumns(policy) };
      const isWritten = await write(table, row, { etag, random: options.random });
      list.forget();
      return isWritten;
    },
    ...rules,
  };
};

type NewRow = { readonly partitionKey: string; readonly rowKey: string } & Readonly<Record<string, string | number>>;

type Condition = { readonly etag: string | undefined; readonly random: Random };

/** False when another change came first. An operator's change that lands after its 503 is the change that was asked for. */
const write = async (table: Table, values: NewRow, { etag, random }: Condition): Promise<boolean> => {
  const row = { ...values, writeId: base64url(random(16)) };
  const settled = await settle<undefined>({
    attempt: () => table.write([etag === undefined ? { insert: row } : { update: row, etag }]),
    readBack: async () => {
      const current = await table.read<{ writeId?: string }>(row.partitionKey, row.rowKey);
      if (current?.writeId === row.writeId) return { whose: 'ours' };
      return current?.etag === etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: async () => ({ kind: 'done' }),
  });
  return settled.result === 'done';
};

type RuleColumns = { readonly clientId: string; readonly rule: string; readonly changedAt: number };

type RuleVerbs = Pick<Policies, 'ruleOf' | 'readRule' | 'replaceRule' | 'rules'>;

const openRules = (table: Table, { list, clock, random, clients }: Options): RuleVerbs => {
  type Known = { readonly rule: ClientRule | undefined; readonly version: string; readonly readAt: number };
  const cache = new Map<string, Known>();

  const readRule = async (clientId: string): Promise<StoredRule | undefined> => {
    const row = await table.read<RuleColumns>(rulePartition, keyOf(clientId));
    return row?.clientId === clientId ? ruleFrom(row) : undefined;
  };

  const keep = (clientId: string, known: Known): void => {
    cache.delete(clientId);
    if (cache.size >= clients) cache.delete(cache.keys().next().value ?? '');
    cache.set(clientId, known);
  };

  const ruleOf = async (clientId: string): Promise<ClientRule | undefined> => {
    const version = (await list.current()).get(versionKeys.rowKey)?.version;
    if (version === undefined) return undefined;
    const [known, now] = [cache.get(clientId), clock()];
    if (known?.version === version && now >= known.readAt && now - known.readAt < cacheSeconds) return known.rule;
    // What is read now may be newer than the version, never older.
    const rule = (await readRule(clientId))?.rule;
    keep(clientId, { rule, version, readAt: now });
    return rule;
  };

  const tell = async (): Promise<void> => {
    const row = { ...versionKeys, version: base64url(random(9)) };
    await settle<undefined>({
      attempt: () => table.write([{ upsert: row }]),
      readBack: async () => ({ whose: 'nobody' }),
      fence: async () => ({ kind: 'done' }),
    });
    list.forget();
  };

  const replaceRule: RuleVerbs['replaceRule'] = async (clientId, rule, etag) => {
    const keys = { partitionKey: rulePartition, rowKey: keyOf(clientId) };
    const isChanged =
      rule === undefined
        ? etag === undefined || (await removed(table, { ...keys, etag }))
        : await write(table, { ...keys, clientId, rule: ruleText(rule), changedAt: clock() }, { etag, random });
    if (isChanged) await tell();
    return isChanged;
  };

  return { ruleOf, readRule, replaceRule, rules: (after) => rulesAfter(table, after) };
};

const keyOf = (clientId: string): string => clientKeyOf(clientId).toString('hex');

const ruleFrom = ({ clientId, rule, changedAt, etag }: Row<RuleColumns>): StoredRule => ({
  clientId,
  rule: ruleIn(rule),
  changedAt,
  etag,
});

const removed = async (
  table: Table,
  row: { readonly partitionKey: string; readonly rowKey: string; readonly etag: string },
): Promise<boolean> => {
  const settled = await settle<undefined>({
    attempt: () => table.remove(row),
    readBack: async () => {
      const current = await table.read(row.partitionKey, row.rowKey);
      if (current === undefined) return { whose: 'ours' };
      return current.etag === row.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: async () => ({ kind: 'done' }),
  });
  return settled.result === 'done';
};

const pageSize = 100;

const rulesAfter: (table: Table, after: string | undefined) => ReturnType<Policies['rules']> = async (table, after) => {
  // Behind this key, and before what no hex begins with.
  const from = after === undefined ? '0' : `${after}0`;
  for await (const rows of table.pages<RuleColumns>(rulePartition, from, 'g')) {
    const page = rows.slice(0, pageSize);
    return { rules: page.map(ruleFrom), next: rows.length > page.length ? page.at(-1)?.rowKey : undefined };
  }
  return { rules: [], next: undefined };
};
