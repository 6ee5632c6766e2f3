/**
 * An emulator of Key Vault's keys over HTTP, for `npm start` and the tests: bearer challenge, get key and version, list
 * versions in pages, sign, wrap, unwrap, rotate, update. Its clock is its own and shows in the `Date` of its responses.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaults, type Fault, type Faults, type Operation } from './faults.ts';
import { createKeyStore, type KeyType, type NewVersion, type VersionAttributes } from './key-store.ts';
import { type Call, type Context, operations, type Reply, refusal } from './operations.ts';

const bodyLimitBytes = 65_536;

export type Vault = {
  /** `http://localhost:<port>` */
  readonly url: string;
  /** Makes a key unless there is one of that name; resolves to its newest version. Instants are epoch seconds. */
  createKey(name: string, key: NewVersion & { readonly kty: KeyType }): Promise<string>;
  /** Adds a version and resolves to its id; `createdAt` may lie in the past. */
  rotate(name: string, version?: NewVersion): Promise<string>;
  setEnabled(name: string, version: string, enabled: boolean): void;
  versions(name: string): readonly (VersionAttributes & { readonly id: string })[];
  readonly faults: Faults;
  /** Closes at once, open and hanging connections too. */
  stop(): Promise<void>;
};

export type VaultOptions = {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where keys are kept across restarts; without it they are forgotten. */
  readonly dataFile?: string;
  /** Whether a bearer token is good for this vault. */
  readonly verifyToken: (token: string) => Promise<boolean>;
  /** Epoch seconds. */
  readonly clock?: () => number;
};

/** Starts the emulator. Rejects when the port is taken or the data file cannot be read. */
export const startVault = async (options: VaultOptions): Promise<Vault> => {
  const { port, dataFile, verifyToken, clock = () => Math.floor(Date.now() / 1000) } = options;
  const store = createKeyStore({ dataFile, clock });
  const faults = createFaults();
  const server = createServer();
  await listen(server, port);
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const context: Context = { store, origin, clock };
  server.on('request', (request, response) => {
    answer(request, { context, faults, verifyToken }).then(
      (reply) => reply && write(response, reply, clock()),
      (error: unknown) => write(response, internalError(error), clock()),
    );
  });
  return {
    url: origin,
    createKey: store.create,
    rotate: store.rotate,
    setEnabled: (name, version, enabled) => store.update(name, version, { enabled }),
    versions: (name) => (store.find(name)?.versions ?? []).map(({ id, attributes }) => ({ id, ...attributes })),
    faults,
    stop: () => stop(server),
  };
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

type Parts = Pick<VaultOptions, 'verifyToken'> & { readonly context: Context; readonly faults: Faults };

/** The reply, or undefined when a fault says never to answer. */
const answer = async (request: IncomingMessage, parts: Parts): Promise<Reply | undefined> => {
  const body = await readBody(request);
  const challenge = await authenticate(request, parts.verifyToken);
  if (challenge !== undefined) return challenge;
  const call = parse(request, body);
  if ('status' in call) return call;
  const { operation, name: key, version } = call;
  parts.faults.counts[operation] += 1;
  const fault = parts.faults.rule?.({ operation, key, ...(version === '' ? {} : { version }) });
  return withFault(fault, async () => operations[operation](call, parts.context));
};

/** Key Vault challenges first, naming the resource that the token must be for. */
const authenticate = async (
  request: IncomingMessage,
  verifyToken: VaultOptions['verifyToken'],
): Promise<Reply | undefined> => {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== undefined && (await verifyToken(token))) return undefined;
  const message =
    token === undefined
      ? 'AKV10000: Request is missing a Bearer or PoP token.'
      : 'AKV10032: Invalid issuer, audience or signature of the token.';
  const authorization = 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000';
  return {
    ...refusal(401, { code: 'Unauthorized', message }),
    headers: { 'WWW-Authenticate': `Bearer authorization="${authorization}", resource="https://vault.azure.net"` },
  };
};

/** Method and path -> operation; the groups are the key's name and its version. */
const routes: readonly { readonly method: string; readonly path: RegExp; readonly operation: Operation }[] = [
  { method: 'GET', path: /^\/keys\/([\w-]+)\/versions$/, operation: 'list' },
  { method: 'GET', path: /^\/keys\/([\w-]+)(?:\/(\w*))?$/, operation: 'get' },
  { method: 'POST', path: /^\/keys\/([\w-]+)\/(\w*)\/sign$/, operation: 'sign' },
  { method: 'POST', path: /^\/keys\/([\w-]+)\/(\w*)\/wrapkey$/, operation: 'wrap' },
  { method: 'POST', path: /^\/keys\/([\w-]+)\/(\w*)\/unwrapkey$/, operation: 'unwrap' },
  { method: 'POST', path: /^\/keys\/([\w-]+)\/rotate$/, operation: 'rotate' },
  { method: 'PATCH', path: /^\/keys\/([\w-]+)(?:\/(\w*))?$/, operation: 'update' },
];

const parse = (request: IncomingMessage, body: string): Call | Reply => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (!url.searchParams.has('api-version')) {
    return refusal(400, { code: 'BadParameter', message: 'api-version must be specified' });
  }
  for (const { method, path, operation } of routes) {
    const match = method === request.method ? path.exec(url.pathname) : undefined;
    if (!match) continue;
    const json = parseJson(body);
    if (json === undefined) return refusal(400, { code: 'BadParameter', message: 'The request body must be JSON.' });
    return { operation, name: match[1] ?? '', version: match[2] ?? '', query: url.searchParams, body: json };
  }
  return refusal(404, { code: 'NotFound', message: 'The emulator has no such operation.' });
};

const parseJson = (body: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const withFault = async (fault: Fault | undefined, perform: () => Promise<Reply>): Promise<Reply | undefined> => {
  if (fault?.kind === 'hang') return undefined;
  if (fault?.kind === 'throttle') return throttled(fault.retryAfterSeconds);
  if (fault?.kind === 'status') {
    return refusal(fault.status, { code: 'InternalServerError', message: 'The service has encountered an error.' });
  }
  if (fault?.kind === 'delay') await sleep(fault.milliseconds);
  const reply = await perform();
  return fault?.kind === 'wrong-signature' ? withOneBitChanged(reply) : reply;
};

const throttled = (retryAfterSeconds: number | undefined): Reply => ({
  ...refusal(429, { code: 'Throttled', message: 'Request was not processed because too many requests were received.' }),
  ...(retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(retryAfterSeconds) } }),
});

const withOneBitChanged = (reply: Reply): Reply => {
  const body = reply.body as { value?: unknown };
  if (typeof body.value !== 'string') return reply;
  const bytes = Buffer.from(body.value, 'base64url');
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  return { ...reply, body: { ...body, value: bytes.toString('base64url') } };
};

const internalError = (error: unknown): Reply => refusal(500, { code: 'InternalServerError', message: String(error) });

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > bodyLimitBytes) throw new Error('the body is too long');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const write = (response: ServerResponse, reply: Reply, now: number): void => {
  response.writeHead(reply.status, {
    'Content-Type': 'application/json; charset=utf-8',
    Date: new Date(now * 1000).toUTCString(),
    ...reply.headers,
  });
  response.end(JSON.stringify(reply.body));
};
