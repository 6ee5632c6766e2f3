/**
 * What the SDKs send their requests with: one pool of connections for all of them, and of the SDKs' own client only what we
 * use of it: texts and bytes, a signal, a time limit. Answers come whole.
 */
import type { TableClient } from '@azure/data-tables';
import { splitAddress } from './address.ts';
import type { Answer } from './connection.ts';
import { type Connections, createConnections } from './connections.ts';
import { headersFrom } from './headers.ts';
import { requestBytes } from './request-bytes.ts';

/** What a client of an SDK sends requests through; the same type in every SDK of this family. */
export type Pipeline = TableClient['pipeline'];
/** The last one in a pipeline. */
export type HttpClient = Parameters<Pipeline['sendRequest']>[0];
/** What goes through a pipeline. */
export type Request = Parameters<HttpClient['sendRequest']>[0];
/** And what comes back. */
export type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;
export type Headers = Request['headers'];

/**
 * Rejects with an error without a status when there is no whole answer: the connection's own, or an `AbortError` when the
 * request's signal fires or its `timeout` (milliseconds, for the whole answer) is over.
 */
export const createHttpClient = (): HttpClient => {
  const origins = new Map<string, Connections>();
  return {
    sendRequest: async (request) => {
      const { origin, target } = splitAddress(request.url);
      if (!origin.startsWith('https:') && request.allowInsecureConnection !== true)
        throw new TypeError(`${origin} is not https`);
      const connections = origins.get(origin) ?? createConnections(new URL(origin));
      origins.set(origin, connections);
      return exchange(request, target, connections);
    },
  };
};

const aborted = (): Error => Object.assign(new Error('the request was ended'), { name: 'AbortError' });

const exchange = (request: Request, target: string, connections: Connections): Promise<Response> => {
  const { abortSignal: signal, timeout } = request;
  if (signal?.aborted === true) throw aborted();
  const bytes = requestBytes(outgoing(request, { target, host: connections.host }));
  return new Promise<Response>((resolve, reject) => {
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
      end();
    };
    const answered = (answer: Answer): void => {
      settled();
      resolve(new WholeResponse(request, answer));
    };
    const end = connections.exchange({ bytes, isHead: request.method === 'HEAD', answered, failed: fail });
    const timer = timeout > 0 ? setTimeout(cancel, timeout) : undefined;
    signal?.addEventListener('abort', cancel);
  });
};

const outgoing = (request: Request, to: { readonly target: string; readonly host: string }) => {
  const body = bytesOf(request.body);
  // Some pipelines offer to unpack what comes packed; here everything is taken as it comes.
  request.headers.delete('accept-encoding');
  if (body !== undefined) request.headers.set('content-length', body.length);
  const { method, headers } = request;
  return { method, target: to.target, host: to.host, headers, body };
};

/** A class, because V8 keeps a description of each object with a getter of its own, and with it what that closes over. */
class WholeResponse implements Response {
  readonly request: Request;
  readonly status: number;
  readonly bodyAsText: string;
  readonly #head: Answer['head'];
  #headers: Headers | undefined;

  constructor(request: Request, { head, text }: Answer) {
    this.request = request;
    this.status = head.status;
    this.bodyAsText = text;
    this.#head = head;
  }

  get headers(): Headers {
    this.#headers ??= new AnsweredHeaders(this.#head);
    return this.#headers;
  }
}

/** Mostly one of them is looked at: all are read only by whoever asks for more than that. */
class AnsweredHeaders implements Headers {
  readonly #head: Answer['head'];
  #all: Headers | undefined;

  constructor(head: Answer['head']) {
    this.#head = head;
  }

  get #whole(): Headers {
    this.#all ??= headersFrom(this.#head.headers());
    return this.#all;
  }

  get(name: string): string | undefined {
    return this.#all === undefined ? this.#head.header(name.toLowerCase()) : this.#all.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: string | number | boolean): void {
    this.#whole.set(name, value);
  }

  delete(name: string): void {
    this.#whole.delete(name);
  }

  toJSON(options?: Parameters<Headers['toJSON']>[0]): ReturnType<Headers['toJSON']> {
    return this.#whole.toJSON(options);
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#whole[Symbol.iterator]();
  }
}

const bytesOf = (body: Request['body']): Buffer | undefined => {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError('only texts and bytes are sent here');
};
