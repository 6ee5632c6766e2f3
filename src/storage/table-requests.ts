/**
 * The requests to Table Storage, byte for byte as the SDK would send them
 * (`test/storage/table-requests.test.ts` compares them). The SDK takes several times as long to put each together, and
 * makes a client of its own for every transaction.
 */
import type { Change, RowKeys } from './change.ts';

export type TableRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** Which table of which account. */
export type TableAddress = { readonly url: string; readonly name: string };

const dataVersion = { DataServiceVersion: '3.0' } as const;
/** Of the protocol, for whole requests; those within a transaction go by its own. */
const serviceVersion = { 'x-ms-version': '2019-02-02' } as const;
const withTypes = { Accept: 'application/json;odata=minimalmetadata' } as const;
const readHeaders = { ...withTypes, ...serviceVersion, ...dataVersion } as const;

/** Quotes are doubled (OData 3.0), and all that could end a segment is escaped. */
const keyText = (key: string): string => encodeURIComponent(key.replaceAll("'", "''"));

const tableUrl = ({ url, name }: TableAddress): string => `${url}/${name}`;

const rowUrl = (address: TableAddress, { partitionKey, rowKey }: RowKeys): string =>
  `${tableUrl(address)}(PartitionKey='${keyText(partitionKey)}',RowKey='${keyText(rowKey)}')`;

/** Keys come first, under the service's names for them. */
const entityText = (row: RowKeys): string => {
  const keys = `"PartitionKey":${JSON.stringify(row.partitionKey)},"RowKey":${JSON.stringify(row.rowKey)}`;
  const columns = JSON.stringify({ ...row, partitionKey: undefined, rowKey: undefined }).slice(1);
  return columns === '}' ? `{${keys}}` : `{${keys},${columns}`;
};

/** Reads one row. */
export const readRequest = (address: TableAddress, row: RowKeys): TableRequest => ({
  method: 'GET',
  url: rowUrl(address, row),
  headers: readHeaders,
  body: undefined,
});

/** The next of so many rows that the filter, of the SDK's `odata`, lets through; `after` is what the answer before named. */
export type TableQuery = { readonly filter: string; readonly size: number; readonly after: string | undefined };

/** Reads one page. */
export const queryRequest = (address: TableAddress, { filter, size, after }: TableQuery): TableRequest => {
  const { nextPartitionKey, nextRowKey } = after === undefined ? {} : readContinuation(after);
  const query = { $top: String(size), $filter: filter, NextPartitionKey: nextPartitionKey, NextRowKey: nextRowKey };
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return {
    method: 'GET',
    url: `${tableUrl(address)}()?${pairs.join('&').replaceAll("'", '%27')}`,
    headers: readHeaders,
    body: undefined,
  };
};

/** Where the service goes on: in two headers of an answer, and here in one text, as the SDK writes it. */
export type Continuation = { readonly nextPartitionKey?: string | undefined; readonly nextRowKey?: string | undefined };

const readContinuation = (after: string): Continuation =>
  JSON.parse(Buffer.from(after, 'base64').toString()) as Continuation;

/** `after` for the next page; undefined when this was the last. */
export const writeContinuation = ({ nextPartitionKey, nextRowKey }: Continuation): string | undefined =>
  nextPartitionKey &&
  Buffer.from(JSON.stringify({ nextPartitionKey, ...(nextRowKey && { nextRowKey }) })).toString('base64');

const insertPart = (address: TableAddress, row: RowKeys): TableRequest => ({
  method: 'POST',
  url: tableUrl(address),
  headers: {
    'Content-Type': 'application/json;odata=nometadata',
    ...withTypes,
    ...dataVersion,
    Prefer: 'return-no-content',
  },
  body: entityText(row),
});

const mergePart = (address: TableAddress, row: RowKeys, etag: string | undefined): TableRequest => ({
  method: 'PATCH',
  url: rowUrl(address, row),
  headers: {
    'Content-Type': 'application/json',
    ...dataVersion,
    Accept: 'application/json',
    ...(etag === undefined ? {} : { 'If-Match': etag }),
  },
  body: entityText(row),
});

/** Deletes a row; `*` in any case. */
const removePart = (address: TableAddress, row: RowKeys, etag: string): TableRequest => ({
  method: 'DELETE',
  url: rowUrl(address, row),
  headers: { ...withTypes, ...dataVersion, 'If-Match': etag },
  body: undefined,
});

/** The change as a part of a transaction. */
const partOf = (address: TableAddress, change: Change): TableRequest => {
  if ('insert' in change) return insertPart(address, change.insert);
  if ('update' in change) return mergePart(address, change.update, change.etag);
  if ('merge' in change) return mergePart(address, change.merge, '*');
  if ('upsert' in change) return mergePart(address, change.upsert, undefined);
  return removePart(address, change.remove, '*');
};

const alone = (part: TableRequest): TableRequest => ({ ...part, headers: { ...part.headers, ...serviceVersion } });

/** Makes one change. */
export const changeRequest = (address: TableAddress, change: Change): TableRequest => alone(partOf(address, change));

/** Deletes a row if it still is the one read. */
export const removeRequest = (address: TableAddress, row: RowKeys, etag: string): TableRequest =>
  alone(removePart(address, row, etag));

const lineEnd = '\r\n';

/** Makes all of the changes or none (an entity group transaction). `id` names its boundaries. */
export const transactionRequest = (address: TableAddress, changes: readonly Change[], id: string): TableRequest => {
  const parts = changes.map((change) => transactionPart(partOf(address, change), id));
  const lines = [
    `--batch_${id}`,
    `content-type: multipart/mixed; boundary=changeset_${id}`,
    '',
    '',
    ...parts,
    `--changeset_${id}--`,
    `--batch_${id}--`,
    '',
  ];
  return {
    method: 'POST',
    url: `${address.url}/$batch`,
    headers: {
      accept: 'application/json',
      ...serviceVersion,
      DataServiceVersion: '3.0;',
      MaxDataServiceVersion: '3.0;NetFx',
      'Content-Type': `multipart/mixed; boundary=batch_${id}`,
      'Accept-Charset': 'UTF-8',
      Connection: 'Keep-Alive',
    },
    body: lines.join(lineEnd),
  };
};

const transactionPart = ({ method, url, headers, body }: TableRequest, id: string): string => {
  let text = `--changeset_${id}\r\ncontent-type: application/http\r\ncontent-transfer-encoding: binary\r\n\r\n`;
  text += `${method} ${url} HTTP/1.1\r\n`;
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
  return body === undefined ? `${text}\r\n` : `${text}\r\n\r\n${body}`;
};
