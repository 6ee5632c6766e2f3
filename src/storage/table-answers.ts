/** The answers of Table Storage to the requests of `table-requests.ts`, read. */

/** The service's refusal: its status, and its own code where it said one. */
export class TableFailure extends Error {
  readonly statusCode: number;
  readonly code: string | undefined;

  constructor(statusCode: number, text: string) {
    const { code, message } = errorIn(text);
    super(message ?? `Table Storage answered ${statusCode}`);
    this.name = 'TableFailure';
    this.statusCode = statusCode;
    this.code = code;
  }
}

type Answer = { readonly status: number; readonly bodyAsText?: string | null };

type ODataError = { readonly code?: string; readonly message?: { readonly value?: string } };

const errorIn = (text: string): { readonly code: string | undefined; readonly message: string | undefined } => {
  try {
    const error = (JSON.parse(text) as { 'odata.error'?: ODataError })['odata.error'];
    return { code: error?.code, message: error?.message?.value };
  } catch {
    // What stands before the service answers in other formats.
    return { code: undefined, message: undefined };
  }
};

/** That there is no such row, as opposed to no such table. */
export const saysNoSuchRow = ({ status, bodyAsText }: Answer): boolean =>
  status === 404 && errorIn(bodyAsText ?? '').code === 'ResourceNotFound';

/** Throws `TableFailure` unless the request was carried out. */
export const requireDone = ({ status, bodyAsText }: Answer): void => {
  if (status < 200 || status >= 300) throw new TableFailure(status, bodyAsText ?? '');
};

/**
 * Throws `TableFailure` when the service refused the transaction, as a whole or for one of its parts, and an error without a
 * status when the answer does not speak of all of `count` parts: nobody knows then what has happened.
 */
export const requireAllDone = (answer: Answer, count: number): void => {
  requireDone(answer);
  const parts = (answer.bodyAsText ?? '').split('--changesetresponse_').slice(1, -1);
  for (const part of parts) {
    const status = Number(/HTTP\/1\.1 (\d{3})/.exec(part)?.[1]);
    if (!(status >= 200 && status < 300)) throw new TableFailure(status, /\{.*\}/s.exec(part)?.[0] ?? '');
  }
  if (parts.length !== count) throw new Error('Table Storage did not say what became of the transaction');
};

/** Names of what every row has, on the wire and here. */
const systemColumns: Readonly<Record<string, string>> = {
  PartitionKey: 'partitionKey',
  RowKey: 'rowKey',
  Timestamp: 'timestamp',
  'odata.etag': 'etag',
};

/** The row in an answer. Types are told only for what JSON has no type for; none of our columns is of such a type. */
export const rowIn = ({ bodyAsText }: Answer): Record<string, unknown> =>
  rowOf(JSON.parse(bodyAsText ?? '') as Record<string, unknown>);

/** The rows of a page. */
export const rowsIn = ({ bodyAsText }: Answer): readonly Record<string, unknown>[] =>
  (JSON.parse(bodyAsText ?? '') as { readonly value: readonly Record<string, unknown>[] }).value.map(rowOf);

const rowOf = (stored: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const row: Record<string, unknown> = {};
  for (const name of Object.keys(stored)) {
    const column = systemColumns[name] ?? (name.includes('odata.') ? undefined : name);
    if (column !== undefined) row[column] = stored[name];
  }
  return row;
};
