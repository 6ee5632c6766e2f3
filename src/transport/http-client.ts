/**
 * What the SDKs send their requests with: one pool of connections for all of them, and of the SDKs' own client only what we
 * use of it: texts and bytes, a signal, a time limit. Answers come whole.
 */
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { TableClient } from '@azure/data-tables';
import { headersFrom } from './headers.ts';

/** What a client of an SDK sends requests through; the same type in every SDK of this family. */
export type Pipeline = TableClient['pipeline'];
/** The last one in a pipeline. */
export type HttpClient = Parameters<Pipeline['sendRequest']>[0];
/** What goes through a pipeline. */
export type Request = Parameters<HttpClient['sendRequest']>[0];
/** And what comes back. */
export type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;
export type Headers = Request['headers'];

type Way = { readonly send: typeof plainRequest; readonly agent: PlainAgent };

/**
 * Rejects with an error without a status when there is no whole answer: the connection's own, or an `AbortError` when the
 * request's signal fires or its `timeout` (milliseconds, for the whole answer) is over.
 */
export const createHttpClient = (): HttpClient => {
  const ways: Readonly<Record<string, Way>> = {
    'https:': { send: tlsRequest, agent: new TlsAgent({ keepAlive: true }) },
    'http:': { send: plainRequest, agent: new PlainAgent({ keepAlive: true }) },
  };
  return {
    sendRequest: async (request) => {
      const url = new URL(request.url);
      const way = ways[url.protocol];
      if (way === undefined || (url.protocol === 'http:' && request.allowInsecureConnection !== true))
        throw new TypeError(`${url.origin} is not https`);
      return exchange(request, url, way);
    },
  };
};

const aborted = (): Error => Object.assign(new Error('the request was ended'), { name: 'AbortError' });

const exchange = (request: Request, url: URL, { send, agent }: Way): Promise<Response> => {
  const { method, abortSignal: signal, timeout } = request;
  if (signal?.aborted === true) return Promise.reject(aborted());
  const body = bytesOf(request.body);
  // Some pipelines offer to unpack what comes packed; here everything is taken as it comes.
  request.headers.delete('accept-encoding');
  if (body !== undefined) request.headers.set('content-length', body.length);
  return new Promise<Response>((resolve, reject) => {
    const headers = request.headers.toJSON();
    const { hostname, port, pathname, search } = url;
    const outgoing = send({ hostname, port, path: pathname + search, method, headers, agent });
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    };
    const fail = (error: Error): void => {
      settled();
      reject(error);
    };
    const cancel = (): void => {
      fail(aborted());
      outgoing.destroy();
    };
    const timer = timeout > 0 ? setTimeout(cancel, timeout) : undefined;
    signal?.addEventListener('abort', cancel);
    outgoing.on('error', fail).on('response', (incoming: IncomingMessage) => {
      const answer = (text: string): void => {
        settled();
        resolve(responseOf(request, incoming, text));
      };
      readText(incoming, answer, fail);
    });
    outgoing.end(body);
  });
};

/** Headers are put together when somebody looks at them: few do. */
const responseOf = (request: Request, incoming: IncomingMessage, bodyAsText: string): Response => {
  let headers: Headers | undefined;
  return {
    request,
    status: incoming.statusCode ?? 0,
    bodyAsText,
    get headers() {
      headers ??= headersFrom(incoming.headers);
      return headers;
    },
  };
};

const bytesOf = (body: Request['body']): Buffer | undefined => {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError('only texts and bytes are sent here');
};

const readText = (incoming: IncomingMessage, answer: (text: string) => void, fail: (error: Error) => void): void => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => answer(Buffer.concat(chunks).toString()));
  incoming.on('error', fail);
};
