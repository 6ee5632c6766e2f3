/** Requests byte for byte as a test wrote them: fetch would correct some and refuse others. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export type RawAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

export type RawRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
};

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** The target goes out as it is, escapes and all. Rejects when the connection ends without an answer. */
export const sendRaw = (origin: string, target: string, { method = 'GET', headers = {}, body }: RawRequest = {}) =>
  new Promise<RawAnswer>((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    // Node announces no body of GET and DELETE, and sends it all the same: it would be the head of the next request.
    const length =
      body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
    const call = request(
      { hostname, port, path: target, method, headers: { ...length, ...headers }, agent },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      },
    );
    call.on('error', reject).end(body);
  });

/** A whole connection's bytes, and everything that came back until the server closed it. */
export const sendBytes = (origin: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(origin);
    let received = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (part: string) => {
      received += part;
    });
    socket.on('close', () => resolve(received)).on('error', reject);
  });
