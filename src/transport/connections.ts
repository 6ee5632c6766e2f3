/** Connections to servers, kept for whoever asks next. */
import { connect as connectPlain, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Connection, type Exchange, openConnection } from './connection.ts';

export type Connections = {
  /** Name and port, as requests say them. */
  readonly host: string;
  /** Sends it over one that is free, or a new one. What it gives ends the exchange, and the connection with it; nobody is told. */
  exchange(exchange: Exchange): () => void;
};

/** Probes, so that no network on the way forgets a connection. */
const probeAfterMilliseconds = 1_000;

/** To the origin of an address, `https:` or `http:`. Nothing is opened yet. */
export const createConnections = (origin: URL): Connections => {
  const free: Connection[] = [];
  const open = originOpener(origin);
  const gone = (connection: Connection): void => {
    const at = free.indexOf(connection);
    if (at >= 0) free.splice(at, 1);
  };
  /** The one that was used last: others may grow old and be closed. */
  const take = (): Connection => {
    for (let connection = free.pop(); connection !== undefined; connection = free.pop()) {
      if (connection.isGood()) return connection;
      connection.destroy();
    }
    return openConnection(open(), { idle: (connection) => free.push(connection), gone });
  };
  return {
    host: origin.host,
    exchange: (exchange) => {
      const connection = take();
      connection.send(exchange);
      return connection.destroy;
    },
  };
};

const originOpener = ({ protocol, hostname, port }: URL) => {
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, keepAlive: true, keepAliveInitialDelay: probeAfterMilliseconds, noDelay: true };
  if (protocol === 'http:') return () => connectPlain({ ...to, port: Number(port || 80) });
  let session: Buffer | undefined;
  // RFC 6066 §3: a name, never an address.
  const named = isIP(host) === 0 ? { servername: host } : {};
  return () => {
    const resumed = session === undefined ? {} : { session };
    const tls = { ALPNProtocols: ['http/1.1'], ...named, ...resumed };
    return connectTls({ ...to, ...tls, port: Number(port || 443) }).on('session', (made: Buffer) => {
      session = made;
    });
  };
};
