/** A server that answers with bytes as they are given. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export type RawServer = {
  readonly url: string;
  /** What came in over each connection, in the order in which they were opened. */
  readonly heard: string[];
};

/** `answer` is called for each request, which ends with its head or, where it has a body, with a `.`. */
export const rawServer = async (answer: (socket: Socket, request: string) => void): Promise<RawServer> => {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const index = heard.push('') - 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard[index] += bytes.toString('latin1');
      answer(socket, bytes.toString('latin1'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
};
