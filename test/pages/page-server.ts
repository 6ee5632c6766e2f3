/** Serves pages over loopback with the policy they are made for, and remembers what their forms post. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Html, render } from '../../src/pages/html.ts';
import { styleHash } from '../../src/pages/layout.ts';

export type PageServer = {
  readonly origin: string;
  /** Address at which `page` is shown from now on. */
  show(page: Html): string;
  /** `path?body` of every form posted so far. */
  readonly posted: readonly string[];
  close(): Promise<void>;
};

const policy = `default-src 'none'; style-src '${styleHash()}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`;

const postedForm = async (request: IncomingMessage): Promise<string> => `${request.url}?${await text(request)}`;

export const startPageServer = async (): Promise<PageServer> => {
  const pages: string[] = [];
  const posted: string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') posted.push(await postedForm(request));
    const page = pages[Number(request.url?.slice(1))] ?? '<!doctype html><title>received</title>';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    posted,
    show: (page) => `${origin}/${pages.push(render(page)) - 1}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
