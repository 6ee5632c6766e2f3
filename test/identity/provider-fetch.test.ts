/** What openid-client gets in place of `fetch`, beside what `fetch` gives. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { providerFetch } from '../../src/identity/provider-fetch.ts';
import { createHttpClient } from '../../src/transport/http-client.ts';

const listening = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const ours = (insecureLoopback = true) => providerFetch({ httpClient: createHttpClient(), insecureLoopback });

const shown = async (response: Response) => ({
  status: response.status,
  type: response.headers.get('content-type'),
  text: await response.text(),
});

const form = { grant_type: 'authorization_code', code: 'a+b&c' };
const headers = {
  accept: 'application/json',
  'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  'user-agent': 'client',
};

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers: came } = request;
    const names = ['accept', 'content-type', 'content-length', 'user-agent'];
    const said = names.map((name) => came[name]);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify([method, url, said, Buffer.concat(chunks).toString()]));
  });
};

describe('requests to the sign-in provider', () => {
  it.each([
    { method: 'POST', body: new URLSearchParams(form) },
    { method: 'POST', body: 'ü' },
    { method: 'GET', body: undefined },
    { method: 'GET', body: null },
  ])('are those that fetch would send: $method $body', async ({ method, body }) => {
    const url = `${await listening(echo)}/a?b=c%20d`;
    const options = { method, headers, redirect: 'manual' as const, ...(body === undefined ? {} : { body }) };
    const answer = await ours()(url, { ...options, body });
    expect(await shown(answer)).toEqual(await shown(await fetch(url, options)));
  });

  it.each([200, 204, 302, 304, 400, 401, 500])('bring back what fetch would: %i', async (status) => {
    const url = await listening((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', location: '/elsewhere', 'x-two': ['a', 'b'] });
      response.end(status === 204 || status === 304 ? undefined : '{"error":"invalid_grant"}');
    });
    const options = { method: 'GET', headers, redirect: 'manual' as const };
    const [answer, usual] = [await ours()(url, { ...options, body: undefined }), await fetch(url, options)];
    expect(answer.headers.get('x-two')).toBe(usual.headers.get('x-two'));
    expect(await shown(answer)).toEqual(await shown(usual));
  });

  it('end with their signal', async () => {
    const url = await listening(() => undefined);
    const signal = AbortSignal.timeout(20);
    const asked = ours()(url, { method: 'GET', headers, redirect: 'manual', body: undefined, signal });
    await expect(asked).rejects.toHaveProperty('name', 'AbortError');
  });

  it('go over https alone, but for this machine', async () => {
    const url = await listening(echo);
    const asked = ours(false)(url, { method: 'GET', headers, redirect: 'manual', body: undefined });
    await expect(asked).rejects.toBeInstanceOf(TypeError);
  });
});
