/** Every public address, as a TLS server of this machine stands in for it; and one without TLS. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate } from '../../local/certificate.ts';

type Response = Parameters<RequestListener>[1];
type Headers = Readonly<Record<string, string>>;

export type Away = {
  /** For both servers; whoever changes it changes what they say. */
  answer: RequestListener;
  /** Host and path of each request that arrived. */
  arrived: string[];
  /** Addresses to which connections were made, as far as they know. */
  dialed: string[];
  readonly port: number;
  readonly plainPort: number;
  /** The authority of the certificate, which is for `localhost`. */
  readonly authority: string;
  /** Connections to the TLS server that are open. */
  connections(): Promise<number>;
  stop(): Promise<void>;
};

export const startAway = async (): Promise<Away> => {
  const folder = await mkdtemp(join(tmpdir(), 'outbound-'));
  const { certificate: cert, key, authority } = await makeCertificate(folder);
  const handler: RequestListener = (request, response) => {
    away.arrived.push(`${request.headers.host} ${request.url}`);
    away.answer(request, response);
  };
  const servers = [
    await listen(createServer({ cert, key }, handler)),
    await listen(createPlainServer(handler)),
  ] as const;
  const [port, plainPort] = [portOf(servers[0]), portOf(servers[1])];
  const away: Away = {
    answer: (_request, response) => json(response, { keys: [] }),
    arrived: [],
    dialed: [],
    port,
    plainPort,
    authority,
    connections: promisify(servers[0].getConnections.bind(servers[0])),
    stop: async () => {
      for (const one of servers) {
        one.closeAllConnections();
        one.close();
      }
      await rm(folder, { recursive: true });
    },
  };
  return away;
};

const listen = async (one: Server): Promise<Server> => {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return one;
};

const portOf = (one: Server): number => (one.address() as AddressInfo).port;

export const json = (response: Response, body: unknown, headers: Headers = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** The headers, and as much of the body as there is; the rest never comes. */
export const begin = (response: Response, body: string, headers: Headers = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).write(body);
};

/** Every answer goes on and on from here. Resolves when one has been cut off. */
export const answerWithoutEnd = (away: Away, headers: Headers = {}): Promise<void> =>
  new Promise((resolve) => {
    away.answer = (_request, response) => {
      begin(response, '', headers);
      const more = setInterval(() => response.write('x'.repeat(100)), 1);
      response.on('close', () => {
        clearInterval(more);
        resolve();
      });
    };
  });

/** Lets a connection ask for its address as it would, and leads it to this machine whatever it is told. */
export const divertingAgent = ({ dialed, authority }: Away, ca = authority): Agent => {
  const agent = new Agent({ keepAlive: false, ca });
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const { lookup } = options;
    const diverted: typeof lookup = (hostname, asked, done) =>
      lookup?.(hostname, { ...asked, all: true }, (_error, found) => {
        dialed.push(...(Array.isArray(found) ? found.map(({ address }) => address) : [found]));
        done(null, [{ address: '127.0.0.1', family: 4 }]);
      });
    return connect({ ...options, lookup: diverted }, callback);
  };
  return agent;
};
