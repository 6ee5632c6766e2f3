/** The peer as a plain Node server on `PEER_PORT`, behind nothing. Prints one line when it listens. */
import { createServer } from 'node:http';
import { peerHandler } from './interactions.ts';
import { createPeer } from './provider.ts';
import { readPeerSettings } from './settings.ts';

const start = async (): Promise<void> => {
  const handle = peerHandler(await createPeer(readPeerSettings()));
  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = 65_000;
  server.listen(Number(process.env.PEER_PORT), '127.0.0.1', () => console.log('Peer listens on its port'));
  process.on('SIGTERM', () => process.exit(0));
};

void start();
