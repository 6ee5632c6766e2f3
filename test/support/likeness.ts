/** A deployment that is not quite as it should be: what a stack answers, changed on the way. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Relayed = { status: number; headers: Headers; text: string };

/** Changes an answer, by the path that was asked for. */
export type Change = (path: string, answer: Relayed) => void;

export type Likeness = { readonly issuer: string; stop(): void };

/** PEM, for https. */
type Tls = { readonly certificate: string; readonly key: string };

/** Everything is as at the stack, under an issuer of its own, but for what `change` changes. */
export const startLikeness = async (stackIssuer: string, change: Change, tls?: Tls): Promise<Likeness> => {
  const relay: RequestListener = (request, response) => {
    let sent = '';
    request
      .setEncoding('utf8')
      .on('data', (text: string) => {
        sent += text;
      })
      .on('end', async () => {
        const { method = '', url = '', headers } = request;
        const { authorization, 'content-type': type } = headers;
        const body = sent === '' ? {} : { body: sent.replaceAll(...renamed(issuer, stackIssuer)) };
        const relayed = await fetch(stackIssuer + url, {
          method,
          redirect: 'manual',
          headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
          ...body,
        });
        const text = (await relayed.text()).replaceAll(stackIssuer, issuer);
        const answer = { status: relayed.status, headers: new Headers(relayed.headers), text };
        for (const name of ['content-length', 'transfer-encoding', 'connection']) answer.headers.delete(name);
        change(url, answer);
        response.sendDate = false;
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(answer.text);
      });
  };
  const server =
    tls === undefined ? createServer(relay) : createTlsServer({ cert: tls.certificate, key: tls.key }, relay);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const issuer = `${tls === undefined ? 'http' : 'https'}://localhost:${(server.address() as AddressInfo).port}`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { issuer, stop };
};

/** In a form as well. */
const renamed = (from: string, to: string): [RegExp, string] => [
  new RegExp(`${from}|${encodeURIComponent(from)}`, 'g'),
  encodeURIComponent(to),
];
