/**
 * A function app that only carries: for each request so many bare requests over kept connections, one after the other, and an answer
 * of so many bytes. What it takes is what the calls alone take of a server in this host that makes them through Node's own client.
 */
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { app } from '@azure/functions';
import { bytesOfCall } from './floor-facts.ts';

const ways = {
  'https:': { send: tlsRequest, agent: new TlsAgent({ keepAlive: true }) },
  'http:': { send: plainRequest, agent: new PlainAgent({ keepAlive: true }) },
};

const body = Buffer.alloc(bytesOfCall.body, 'x');
const headers = {
  authorization: `Bearer ${'x'.repeat(bytesOfCall.token)}`,
  accept: 'application/json',
  'content-type': 'application/json',
  'content-length': body.length,
};

const call = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { protocol, hostname, port } = new URL(address);
    const { send, agent } = ways[protocol as keyof typeof ways];
    const request = send({ hostname, port, path: '/', method: 'POST', headers, agent });
    request.on('error', reject).on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    request.end(body);
  });

const { FLOOR_STORAGE = '', FLOOR_VAULT = '' } = process.env;

app.http('floor', {
  route: 'floor/{storage}/{vault}/{bytes}',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request) => {
    await request.text();
    const { storage, vault, bytes } = request.params;
    for (let made = 0; made < Number(storage); made++) await call(FLOOR_STORAGE);
    for (let made = 0; made < Number(vault); made++) await call(FLOOR_VAULT);
    return { status: 200, body: 'x'.repeat(Number(bytes)), headers: { 'content-type': 'text/plain' } };
  },
});
