/**
 * The one way out to addresses that somebody else chose, such as a client's keys, the list of its sector or where it hears of
 * sign-outs. What Azure's SDKs and openid-client talk to is configuration.
 */
import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import { within } from '../limits/deadline.ts';
import { type Destination, destinationOf, pinnedTo, type Resolve } from './destination.ts';
import { OutboundError } from './error.ts';

type Expected = {
  /** Media types that are taken, in lower case and without parameters. */
  readonly mediaTypes: readonly string[];
  readonly limitBytes: number;
  /** For all of it together: name, connection, answer. */
  readonly timeoutMilliseconds: number;
  /** Of what is no text. */
  readonly binary?: true;
};

type Fetched = {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The same as text; empty for what is none. */
  readonly text: string;
};

/**
 * GET, without credentials. https and public addresses only; no redirects; nothing but a 200 of an expected type and size.
 * Throws `OutboundError`, which says nothing that the caller's caller may not know.
 */
export type OutboundFetch = (address: string, expected: Expected) => Promise<Fetched>;

export type OutboundOptions = {
  /** Allows this machine, and for http nothing else. */
  readonly insecureLoopback: boolean;
  readonly resolve?: Resolve;
  /** For https. Keeps no connections: each one goes to an address that was checked for it. */
  readonly agent?: Agent;
};

const resolveByPlatform: Resolve = (hostname) => lookup(hostname, { all: true });

type Sent = { readonly form: string; readonly timeoutMilliseconds: number };

/**
 * POSTs a form, without credentials, under the same rules. Resolves when it was taken, which any 2xx says; nothing else of the
 * answer is read. Throws `OutboundError`.
 */
export type OutboundPost = (address: string, sent: Sent) => Promise<void>;

export const createOutboundFetch = (options: OutboundOptions): OutboundFetch => {
  const agents = agentsOf(options);
  return (address, expected) =>
    reaching(address, { ...options, ...expected }, async (destination, signal) => {
      const headers = { accept: expected.mediaTypes.join(', '), 'accept-encoding': 'identity' };
      return read(await answerOf(destination, { method: 'GET', headers, signal, agents }), expected);
    });
};

export const createOutboundPost = (options: OutboundOptions): OutboundPost => {
  const agents = agentsOf(options);
  return (address, { form, timeoutMilliseconds }) =>
    reaching(address, { ...options, timeoutMilliseconds }, async (destination, signal) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const response = await answerOf(destination, { method: 'POST', headers, body: form, signal, agents });
      response.destroy();
      const { statusCode = 0 } = response;
      if (statusCode < 200 || statusCode > 299) throw new OutboundError('status not 2xx');
    });
};

type Agents = { readonly https: Agent; readonly http: HttpAgent };

const agentsOf = ({ agent = new Agent({ keepAlive: false }) }: OutboundOptions): Agents => ({
  https: agent,
  http: new HttpAgent({ keepAlive: false }),
});

/** Judges the address, and calls with where it leads. Whatever goes wrong is an `OutboundError`. */
const reaching = async <T>(
  address: string,
  {
    insecureLoopback,
    resolve = resolveByPlatform,
    timeoutMilliseconds,
  }: OutboundOptions & { readonly timeoutMilliseconds: number },
  call: (destination: Destination, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  try {
    // DNS heeds no signal.
    return await within(signal, async () => {
      const destination = await destinationOf(address, { insecureLoopback, resolve });
      signal.throwIfAborted();
      return call(destination, signal);
    });
  } catch (error) {
    if (error instanceof OutboundError) throw error;
    throw new OutboundError(signal.aborted ? 'too slow' : 'connection failed', { cause: error });
  }
};

type Way = {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly agents: Agents;
};

/** Resolves with the headers. The certificate must be for the name in the URL, whatever address answers. */
const answerOf = ({ url, addresses }: Destination, way: Way): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { method, body, signal, agents } = way;
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const headers = { ...way.headers, ...length, 'user-agent': 'Assent' };
    const options = { method, signal, lookup: pinnedTo(addresses), headers };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, agent: agents.https })
        : requestHttp(url, { ...options, agent: agents.http });
    request.once('response', resolve).on('error', reject).end(body);
  });

const read = async (response: IncomingMessage, expected: Expected): Promise<Fetched> => {
  try {
    const problem = problemOf(response, expected);
    if (problem !== undefined) throw new OutboundError(problem);
    const bytes = await bytesOf(response, expected.limitBytes);
    return { headers: response.headers, bytes, text: expected.binary === true ? '' : textIn(bytes) };
  } finally {
    response.destroy();
  }
};

/** By the headers alone, before any of the body is read. */
const problemOf = ({ statusCode, headers }: IncomingMessage, expected: Expected) => {
  if (statusCode !== 200) return 'status not 200';
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  if (!expected.mediaTypes.includes(mediaType.trim().toLowerCase())) return 'media type not expected';
  // A small body can unpack into a large one.
  if (![undefined, 'identity'].includes(headers['content-encoding'])) return 'encoding not expected';
  return Number(headers['content-length'] ?? 0) > expected.limitBytes ? 'too large' : undefined;
};

const bytesOf = async (response: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new OutboundError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const textIn = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new OutboundError('encoding not expected', { cause });
  }
};
