/**
 * The one way out to addresses that somebody else chose, such as a client's keys or the list of its sector. What Azure's SDKs
 * and openid-client talk to is configuration.
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
};

type Fetched = {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/**
 * GET, without credentials. https and public addresses only; no redirects; nothing but a 200 of an expected type and size.
 * Throws `OutboundError`, which says nothing that the caller's caller may not know.
 */
export type OutboundFetch = (address: string, expected: Expected) => Promise<Fetched>;

export type OutboundOptions = {
  /** Allows http to this machine, and for http to nothing else. */
  readonly insecureLoopback: boolean;
  readonly resolve?: Resolve;
  /** For https. Keeps no connections: each one goes to an address that was checked for it. */
  readonly agent?: Agent;
};

const resolveByPlatform: Resolve = (hostname) => lookup(hostname, { all: true });

export const createOutboundFetch = ({
  insecureLoopback,
  resolve = resolveByPlatform,
  agent = new Agent({ keepAlive: false }),
}: OutboundOptions): OutboundFetch => {
  const plainAgent = new HttpAgent({ keepAlive: false });
  return async (address, expected) => {
    const signal = AbortSignal.timeout(expected.timeoutMilliseconds);
    try {
      // DNS heeds no signal.
      return await within(signal, async () => {
        const destination = await destinationOf(address, { insecureLoopback, resolve });
        signal.throwIfAborted();
        const agents = { https: agent, http: plainAgent };
        return read(await answerOf(destination, { expected, signal, agents }), expected);
      });
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      throw new OutboundError(signal.aborted ? 'too slow' : 'connection failed', { cause: error });
    }
  };
};

type Way = {
  readonly expected: Expected;
  readonly signal: AbortSignal;
  readonly agents: { readonly https: Agent; readonly http: HttpAgent };
};

/** Resolves with the headers. The certificate must be for the name in the URL, whatever address answers. */
const answerOf = ({ url, addresses }: Destination, { expected, signal, agents }: Way): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = {
      signal,
      lookup: pinnedTo(addresses),
      headers: { accept: expected.mediaTypes.join(', '), 'accept-encoding': 'identity', 'user-agent': 'Assent' },
    };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, agent: agents.https })
        : requestHttp(url, { ...options, agent: agents.http });
    request.once('response', resolve).on('error', reject).end();
  });

const read = async (response: IncomingMessage, expected: Expected): Promise<Fetched> => {
  try {
    const problem = problemOf(response, expected);
    if (problem !== undefined) throw new OutboundError(problem);
    return { headers: response.headers, text: await textOf(response, expected.limitBytes) };
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

const textOf = async (response: IncomingMessage, limitBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new OutboundError('too large');
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new OutboundError('encoding not expected', { cause });
  }
};
