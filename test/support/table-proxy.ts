/**
 * A TLS proxy before the table emulator that breaks what a test tells it to, and records every request: a $batch counts
 * as one, as it does on the bill.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as forwardRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from '../../local/certificate.ts';

/** What happens to one request. "Commit" means: the emulator has carried it out. */
export type Fault =
  | { readonly kind: 'pass' }
  /** The connection is reset; nothing was forwarded. */
  | { readonly kind: 'reset-before' }
  | { readonly kind: 'reset-after-commit' }
  | { readonly kind: 'status-500-after-commit' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Forwarded when this resolves. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }
  /** Never answered, not forwarded. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang-after-commit' }
  /** 503 ServerBusy, not forwarded. */
  | { readonly kind: 'throttle'; readonly retryAfterSeconds?: number };

export type TableRequest = {
  readonly method: string;
  /** Below the account: `/users(PartitionKey='…',RowKey='…')`, `/$batch`. */
  readonly path: string;
  /** The first 4,000 characters. */
  readonly bodyStart: string;
  readonly fault: Fault['kind'];
  /** What the emulator answered; undefined when it was not asked, or has not answered yet. */
  status?: number;
};

export type TableProxy = {
  readonly port: number;
  /** Decides for each request; undefined passes. Assign it, and assign undefined to end it. */
  rule: ((request: Omit<TableRequest, 'fault'>) => Fault | undefined) | undefined;
  /** Every request so far that somebody waited for; empty it to count anew. */
  readonly requests: TableRequest[];
  /** What the courier sent after answers, apart: it comes whenever it comes. */
  readonly deliveries: TableRequest[];
  /** The same as `rule` for those. */
  deliveryRule: TableProxy['rule'];
  stop(): Promise<void>;
};

export type TableProxyOptions = { readonly port: number; readonly target: number; readonly certificate: Certificate };

const recordedCharacters = 4000;

/** Starts the proxy; port 0 takes a free one. */
export const startTableProxy = async ({ port, target, certificate }: TableProxyOptions): Promise<TableProxy> => {
  const agent = new Agent({ keepAlive: true, ca: certificate.authority });
  const requests: TableRequest[] = [];
  const deliveries: TableRequest[] = [];
  const forward = forwarder(agent, target);
  const server = createServer({ cert: certificate.certificate, key: certificate.key }, (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request);
    const seen = {
      method: request.method ?? '',
      path: (request.url ?? '').replace('/devstoreaccount1', ''),
      bodyStart: body.toString('utf8', 0, recordedCharacters),
    };
    const delivery = isDelivery(seen, request.headers['x-ms-client-request-id']);
    const fault = (delivery ? proxy.deliveryRule : proxy.rule)?.(seen) ?? { kind: 'pass' };
    const recorded: TableRequest = { ...seen, fault: fault.kind };
    (delivery ? deliveries : requests).push(recorded);
    await outcomes[fault.kind]({ fault, request, response, forward: () => forward(request, body, recorded) });
  };
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const proxy: TableProxy = {
    port: typeof address === 'object' && address !== null ? address.port : port,
    rule: undefined,
    requests,
    deliveries,
    deliveryRule: undefined,
    stop: async () => {
      agent.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return proxy;
};

/** Adds events of people to the audit log, or marks them as delivered, or says itself that no request waits for it. */
const isDelivery = ({ bodyStart }: Pick<TableRequest, 'bodyStart'>, purpose: unknown): boolean =>
  purpose === 'background' ||
  /"pending":false/.test(bodyStart) ||
  (/"actorKind":"(person|client)"/.test(bodyStart) &&
    !/"event":"(client\.(created|updated|deleted|reported|secret_\w+|logo_changed|owner_\w+|invitation_\w+)|person\.erased)"/.test(
      bodyStart,
    ));

const readAll = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

type Answer = { readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer };

const forwarder =
  (agent: Agent, target: number) =>
  (request: IncomingMessage, body: Buffer, recorded: TableRequest): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const call = forwardRequest({
        agent,
        host: '127.0.0.1',
        servername: 'localhost',
        port: target,
        method: request.method,
        path: request.url,
        headers: request.headers,
      });
      call.on('error', reject).on('response', (answer) => {
        readAll(answer).then((answerBody) => {
          recorded.status = answer.statusCode ?? 0;
          resolve({ status: recorded.status, headers: answer.headers, body: answerBody });
        }, reject);
      });
      call.end(body);
    });

type Situation = {
  readonly fault: Fault;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly forward: () => Promise<Answer>;
};

const reply = (response: ServerResponse, { status, headers, body }: Answer): void => {
  const { 'transfer-encoding': _chunked, connection: _connection, 'keep-alive': _keepAlive, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': body.length }).end(body);
};

const refuse = (response: ServerResponse, status: number, code: string, headers = {}): void => {
  const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: code } } });
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
};

const pass = async ({ response, forward }: Situation): Promise<void> => reply(response, await forward());

/** A connection that ends before its answer: the client sees ECONNRESET. */
const reset = ({ request }: Situation): void => {
  request.socket.destroy();
};

const outcomes: Readonly<Record<Fault['kind'], (situation: Situation) => unknown>> = {
  pass,
  'reset-before': reset,
  'reset-after-commit': async (situation) => {
    await situation.forward();
    reset(situation);
  },
  'status-500-after-commit': async ({ forward, response }) => {
    await forward();
    refuse(response, 500, 'InternalError');
  },
  delay: async (situation) => {
    const { fault } = situation;
    await sleep(fault.kind === 'delay' ? fault.milliseconds : 0);
    await pass(situation);
  },
  hold: async (situation) => {
    const { fault } = situation;
    if (fault.kind === 'hold') await fault.until;
    await pass(situation);
  },
  hang: () => undefined,
  'hang-after-commit': ({ forward }) => forward(),
  throttle: ({ fault, response }) => {
    const seconds = fault.kind === 'throttle' ? fault.retryAfterSeconds : undefined;
    refuse(response, 503, 'ServerBusy', seconds === undefined ? {} : { 'retry-after': String(seconds) });
  },
};
