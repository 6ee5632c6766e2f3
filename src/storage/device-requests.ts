/**
 * Table `requests`, as far as devices are concerned (RFC 8628). A request is two rows, because a device names it by one code
 * and a person by another:
 *
 *   PartitionKey  hex of SHA-256 of the request's id     RowKey  device      the columns below
 *   PartitionKey  hex of SHA-256 of the user code        RowKey  user-code   requestId
 *
 * Both have keepUntil. The device's row is written first, so that whoever finds the second finds the first.
 */
import type { AuthorizationDetail } from '../oauth/access/details.ts';
import { base64url, type Random, sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { DeviceRequest } from '../oauth/grants/device-request.ts';
import { bytes, json, named, optional, rowOf, seconds, text } from './columns.ts';
import { settle } from './settle.ts';
import type { Row, Table } from './table.ts';

const columns = rowOf({
  requestId: bytes,
  state: text<DeviceRequest['state']>(),
  clientId: text(),
  scopes: json<readonly string[]>(),
  resources: json<readonly string[]>(),
  details: named('authorizationDetails', optional(json<readonly AuthorizationDetail[]>())),
  codeHash: bytes,
  userCode: text(),
  place: optional(text()),
  agent: optional(text()),
  createdAt: seconds,
  expiresAt: seconds,
  userKey: optional(bytes),
  familyId: optional(bytes),
});

type DeviceColumns = Readonly<Record<string, unknown>> & { readonly decidedBy?: string };
type UserCodeColumns = { readonly requestId: string };

type NewDeviceRequest = Omit<DeviceRequest, 'etag' | 'state' | 'family'>;

/** What a person answered. */
type DeviceDecision =
  | { readonly state: 'denied' }
  | { readonly state: 'approved'; readonly family: NonNullable<DeviceRequest['family']> };

export type DeviceRequests = {
  /** False when the user code is taken: then nothing can be reached by it, and another one is tried. Throws `Unavailable`. */
  begin(request: NewDeviceRequest): Promise<boolean>;
  read(requestId: Buffer): Promise<DeviceRequest | undefined>;
  /** The request that a user code names. Costs two reads. */
  named(userCode: string): Promise<DeviceRequest | undefined>;
  /** False when it has been decided by somebody before. Throws `Unavailable`: then it is not decided. */
  decide(request: DeviceRequest, decision: DeviceDecision): Promise<boolean>;
};

export const openDeviceRequests = (requests: Table, random: Random): DeviceRequests => ({
  begin: (request) => begin(requests, request),
  read: (requestId) => read(requests, requestId),
  named: async (userCode) => {
    const { partitionKey, rowKey } = userCodeKeys(userCode);
    const row = await requests.read<UserCodeColumns>(partitionKey, rowKey);
    const request = row && (await read(requests, Buffer.from(row.requestId, 'base64url')));
    return request?.userCode === userCode ? request : undefined;
  },
  decide: (request, decision) => decide(requests, { request, decision, writeId: base64url(random(16)) }),
});

/** A code that the person typed a moment too late still finds what became of it. */
const keptSeconds = 3_600;

const begin = async (requests: Table, request: NewDeviceRequest): Promise<boolean> => {
  const keepUntil = request.expiresAt + keptSeconds;
  const values = { ...request, state: 'pending', userKey: undefined, familyId: undefined } as const;
  await insert(requests, { ...deviceKeys(request.requestId), ...columns.write(values), keepUntil });
  const requestId = base64url(request.requestId);
  return insert(requests, { ...userCodeKeys(request.userCode), requestId, keepUntil });
};

type NewRow = Readonly<Record<string, string | number | boolean>> &
  ReturnType<typeof deviceKeys> & { readonly requestId?: string };

/** False if a row of another request is there. */
const insert = async (requests: Table, row: NewRow): Promise<boolean> => {
  const settled = await settle<undefined>({
    attempt: () => requests.write([{ insert: row }]),
    readBack: async () => {
      const current = await requests.read<UserCodeColumns>(row.partitionKey, row.rowKey);
      if (current === undefined) return { whose: 'nobody' };
      return current.requestId === row.requestId ? { whose: 'ours' } : { whose: 'another', current: undefined };
    },
    // Landing late it is a request that nobody was told of.
    fence: async () => ({ kind: 'done' }),
  });
  return settled.result === 'done';
};

const read = async (requests: Table, requestId: Buffer): Promise<DeviceRequest | undefined> => {
  const { partitionKey, rowKey } = deviceKeys(requestId);
  const row = await requests.read<DeviceColumns>(partitionKey, rowKey);
  return row && deviceRequestFrom(row);
};

const deviceRequestFrom = (row: Row<DeviceColumns>): DeviceRequest => {
  const { userKey, familyId, ...request } = columns.read(row);
  return { ...request, etag: row.etag, family: userKey && familyId && { userKey, familyId } };
};

type Deciding = { readonly request: DeviceRequest; readonly decision: DeviceDecision; readonly writeId: string };

const decide = async (requests: Table, { request, decision, writeId }: Deciding): Promise<boolean> => {
  const keys = deviceKeys(request.requestId);
  const family = decision.state === 'approved' ? decision.family : { userKey: undefined, familyId: undefined };
  const update = (columnsOfIt: object) => ({ update: { ...keys, ...columnsOfIt }, etag: request.etag });
  const settled = await settle<undefined>({
    attempt: () =>
      requests.write([
        update({ ...columns.write({ ...request, ...family, state: decision.state }), decidedBy: writeId }),
      ]),
    readBack: async () => {
      const current = await requests.read<DeviceColumns>(keys.partitionKey, keys.rowKey);
      if (current === undefined) throw new Unavailable('storage');
      if (current.decidedBy === writeId) return { whose: 'ours' };
      return current.etag === request.etag ? { whose: 'nobody' } : { whose: 'another', current: undefined };
    },
    fence: () => requests.write([update({ fencedBy: writeId })]),
  });
  return settled.result === 'done';
};

const partitionOf = (bytesOfIt: Buffer | string): string => sha256(bytesOfIt).toString('hex');

const deviceKeys = (requestId: Buffer) => ({ partitionKey: partitionOf(requestId), rowKey: 'device' });

const userCodeKeys = (userCode: string) => ({
  partitionKey: partitionOf(`user code ${userCode}`),
  rowKey: 'user-code',
});
