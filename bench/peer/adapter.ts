/**
 * State of oidc-provider in Table Storage, with as few transactions as its adapter interface allows: every find is a point
 * read, and two small indexes lead from a session's uid and from a grant to the rows that are theirs.
 */
import { odata, RestError, TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';

/** The table that all models share. */
export const peerTable = 'peer';

type Payload = Readonly<Record<string, unknown>> & { readonly uid?: string; readonly grantId?: string };

type Row = { readonly payload: string; readonly consumed?: number; readonly expiresAt: number };

/** Models whose rows end with their grant. */
const endWithGrant = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

const rowKey = 'row';
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

type AdapterOptions = { readonly url: string; readonly credential: TokenCredential };

/** The `adapter` of oidc-provider's configuration. Its methods reject with the SDK's errors. */
export const tableAdapter = ({ url, credential }: AdapterOptions) => {
  const table = new TableClient(url, peerTable, credential);
  return (model: string) => createAdapter(table, model);
};

const createAdapter = (table: TableClient, model: string) => {
  const keyOf = (id: string) => ({ partitionKey: `${model}:${id}`, rowKey });
  const indexes = (id: string, { uid, grantId }: Payload) => [
    ...(model === 'Session' && uid !== undefined ? [{ partitionKey: `uid:${uid}`, rowKey, id }] : []),
    ...(grantId !== undefined && endWithGrant.has(model)
      ? [{ partitionKey: `grant:${grantId}`, rowKey: `${model}:${id}`, id }]
      : []),
  ];
  const find = async (id: string): Promise<Payload | undefined> => {
    const row = await unlessMissing(table.getEntity<Row>(`${model}:${id}`, rowKey));
    if (row === undefined || row.expiresAt <= nowSeconds()) return undefined;
    return { ...JSON.parse(row.payload), ...(row.consumed === undefined ? {} : { consumed: row.consumed }) };
  };
  return {
    find,
    upsert: async (id: string, payload: Payload, expiresInSeconds: number): Promise<void> => {
      const expiresAt = nowSeconds() + expiresInSeconds;
      const row = { ...keyOf(id), payload: JSON.stringify(payload), expiresAt };
      const rows = [row, ...indexes(id, payload).map((index) => ({ ...index, expiresAt }))];
      await Promise.all(rows.map((one) => table.upsertEntity(one, 'Replace')));
    },
    findByUid: async (uid: string): Promise<Payload | undefined> => {
      const index = await unlessMissing(table.getEntity<{ readonly id: string }>(`uid:${uid}`, rowKey));
      return index && find(index.id);
    },
    findByUserCode: async (): Promise<undefined> => undefined,
    consume: async (id: string): Promise<void> => {
      await table.updateEntity({ ...keyOf(id), consumed: nowSeconds() }, 'Merge');
    },
    destroy: async (id: string): Promise<void> => {
      await unlessMissing(table.deleteEntity(`${model}:${id}`, rowKey));
    },
    revokeByGrantId: (grantId: string): Promise<void> => revokeRows(table, model, grantId),
  };
};

/** The rows of this model alone: oidc-provider asks every model in turn. `;` is the character after `:`. */
const revokeRows = async (table: TableClient, model: string, grantId: string): Promise<void> => {
  const filter = odata`PartitionKey eq ${`grant:${grantId}`} and RowKey ge ${`${model}:`} and RowKey lt ${`${model};`}`;
  const deletions: Promise<unknown>[] = [];
  for await (const index of table.listEntities<{ readonly id: string }>({ queryOptions: { filter } }))
    deletions.push(
      unlessMissing(table.deleteEntity(`${model}:${index.id}`, rowKey)),
      unlessMissing(table.deleteEntity(`grant:${grantId}`, `${model}:${index.id}`)),
    );
  await Promise.all(deletions);
};

const unlessMissing = async <Value>(answer: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
};
