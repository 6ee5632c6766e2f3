/** Loopback HTTP servers of the local world: one way to start and stop them all. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type Listening = { readonly url: string; readonly port: number; stop(): Promise<void> };

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Listens on 127.0.0.1; port 0 takes a free one. A handler that throws answers 500. Rejects when the port is taken. */
export const listen = async (port: number, handle: Handler): Promise<Listening> => {
  const server = createServer((request, response) => {
    void (async () => {
      try {
        await handle(request, response);
      } catch (error) {
        console.error(error);
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      }
    })();
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://localhost:${bound}`,
    port: bound,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Reads a whole body as text; rejects above 1 MB. */
export const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > 1_000_000) throw new Error('request body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};
