/** The way out: what is fetched, what is never asked for, and which answers are refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Resolve } from '../../src/outbound/destination.ts';
import { OutboundError } from '../../src/outbound/error.ts';
import { createOutboundFetch, createOutboundPost, type OutboundOptions } from '../../src/outbound/fetch.ts';
import { type Away, answerWithoutEnd, begin, divertingAgent, json, startAway } from './away.ts';

const publicAddress = '93.184.215.14';
const expected = { mediaTypes: ['application/json'], limitBytes: 1_000, timeoutMilliseconds: 20_000 };

let away: Away;

beforeAll(async () => {
  away = await startAway();
});

afterAll(() => away.stop());

beforeEach(() => {
  away.arrived = [];
  away.dialed = [];
  away.answer = (_request, response) => json(response, { keys: [] });
});

const says =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const fetchWith = (options: Partial<OutboundOptions> = {}) => {
  const usual = { insecureLoopback: false, resolve: says(publicAddress), agent: divertingAgent(away) };
  return createOutboundFetch({ ...usual, ...options });
};

const postWith = (options: Partial<OutboundOptions> = {}) => {
  const usual = { insecureLoopback: false, resolve: says(publicAddress), agent: divertingAgent(away) };
  return createOutboundPost({ ...usual, ...options });
};

const there = (path = '/keys'): string => `https://localhost:${away.port}${path}`;

const reasonOf = (fetched: Promise<unknown>): Promise<string> =>
  fetched.then(
    () => 'fetched',
    (error: unknown) => (error instanceof OutboundError ? error.reason : String(error)),
  );

/** The reason for which a document is not taken from where everything else is right. */
const refusal = (wanted = expected): Promise<string> => reasonOf(fetchWith()(there(), wanted));

describe('a document of a public address', () => {
  it('is fetched over TLS with its headers, without credentials and uncompressed', async () => {
    let sent: unknown;
    const headers = { 'cache-control': 'max-age=60', 'content-type': 'Application/JSON; charset=utf-8' };
    away.answer = (request, response) => {
      sent = request.headers;
      json(response, ['ä'], headers);
    };
    const fetched = await fetchWith()(there('/keys?x=1#y'), expected);
    expect(fetched).toMatchObject({ text: '["ä"]', headers });
    expect(sent).toEqual({
      host: `localhost:${away.port}`,
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Assent',
      connection: 'close',
    });
    expect(away.arrived).toEqual([`localhost:${away.port} /keys?x=1`]);
  });

  it('comes from the addresses that were checked, whatever DNS says a moment later', async () => {
    const answers = [[publicAddress, '2606:4700::1111'], ['127.0.0.1']];
    let asked = 0;
    const resolve: Resolve = (hostname) => says(...(answers[asked++] ?? []))(hostname);
    await fetchWith({ resolve })(there(), expected);
    expect([asked, away.dialed]).toEqual([1, [publicAddress, '2606:4700::1111']]);
  });

  it('is refused when the certificate is for another name than that of the URL', async () => {
    const elsewhere = `https://keys.example:${away.port}/keys`;
    expect(await reasonOf(fetchWith()(elsewhere, expected))).toBe('connection failed');
    expect([away.dialed, away.arrived]).toEqual([[publicAddress], []]);
  });

  it('is refused when nobody vouches for the certificate', async () => {
    const agent = divertingAgent(away, '');
    expect([await reasonOf(fetchWith({ agent })(there(), expected)), away.arrived]).toEqual(['connection failed', []]);
  });
});

describe('nobody is asked for', () => {
  const noUrls = ['', 'keys', '/keys', 'http://keys.example/', 'ftp://keys.example/', 'file:///etc/passwd', 'data:,x'];
  it.each(noUrls)('what is no https URL: "%s"', async (address) => {
    expect(await reasonOf(fetchWith()(address, expected))).toBe('address not allowed');
  });

  it.each(['user@', 'user:secret@', ':secret@'])('a URL that carries credentials: %s', async (userinfo) => {
    expect(await reasonOf(fetchWith()(`https://${userinfo}keys.example/`, expected))).toBe('address not allowed');
  });

  const hidden = ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:8.8.8.8', `${publicAddress} 10.0.0.1`, ''];
  it.each(hidden)('a name that leads to where not everybody can go: "%s"', async (addresses) => {
    const resolve = says(...addresses.split(' ').filter((one) => one !== ''));
    const refused = await reasonOf(fetchWith({ resolve })(there(), expected));
    expect([refused, away.dialed, away.arrived]).toEqual(['network address not allowed', [], []]);
  });

  const spellings = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0', '[::1]', '[::ffff:7f00:1]'];
  it.each(spellings)('an address that is not public, however it is spelt: %s', async (host) => {
    const refused = await reasonOf(fetchWith()(`https://${host}:${away.port}/keys`, expected));
    expect([refused, away.arrived]).toEqual(['network address not allowed', []]);
  });

  it('a name that does not exist', async () => {
    const resolve: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await reasonOf(fetchWith({ resolve })(there(), expected))).toBe('name not resolved');
  });
});

it('http is for this machine alone, and only in local runs', async () => {
  const at = (host: string): string => `http://${host}:${away.plainPort}/keys`;
  const here = says('127.0.0.1');
  const reason = (address: string, insecureLoopback: boolean, resolve = here): Promise<string> =>
    reasonOf(fetchWith({ resolve, insecureLoopback })(address, expected));
  expect(await reason(at('localhost'), true)).toBe('fetched');
  expect(await reason(at('127.0.0.1'), true)).toBe('fetched');
  expect(await reason(at('localhost'), false)).toBe('address not allowed');
  expect(await reason(at('keys.example'), true)).toBe('address not allowed');
  expect(await reason(at('localhost'), true, says(publicAddress))).toBe('network address not allowed');
  expect(await reason(there(), true)).toBe('fetched');
  expect(await reason(there(), true, says('10.0.0.1'))).toBe('network address not allowed');
  expect(await reason(there(), false)).toBe('network address not allowed');
});

describe('an answer is refused', () => {
  it.each([301, 302, 303, 307, 308])('that leads elsewhere: %d is not followed', async (status) => {
    away.answer = (_request, response) => response.writeHead(status, { location: there('/elsewhere') }).end();
    expect([await refusal(), away.arrived.length]).toEqual(['status not 200', 1]);
  });

  it.each([201, 204, 304, 400, 404, 500])('with the status %d', async (status) => {
    away.answer = (_request, response) => response.writeHead(status, { 'content-type': 'application/json' }).end();
    expect(await refusal()).toBe('status not 200');
  });

  it.each(['text/html', 'application/jsonp', 'application/jwk-set+json', ''])('of the type "%s"', async (type) => {
    away.answer = (_request, response) => json(response, {}, { 'content-type': type });
    expect(await refusal()).toBe('media type not expected');
  });

  it.each(['gzip', 'br', 'gzip, identity'])('that is packed: %s', async (encoding) => {
    away.answer = (_request, response) => json(response, {}, { 'content-encoding': encoding });
    expect(await refusal()).toBe('encoding not expected');
  });

  it('that is not UTF-8', async () => {
    away.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x22, 0xff, 0x22]));
    expect(await refusal()).toBe('encoding not expected');
  });

  it('that says it is too large, before it is read', async () => {
    away.answer = (_request, response) => begin(response, '{', { 'content-length': '1001' });
    expect(await refusal()).toBe('too large');
  });

  it('that does not say so and never ends: it is cut off', async () => {
    const cutOff = answerWithoutEnd(away);
    expect(await refusal()).toBe('too large');
    await cutOff;
  });

  it('by its headers alone, and the rest is cut off', async () => {
    const cutOff = answerWithoutEnd(away, { 'content-type': 'text/plain' });
    expect(await refusal()).toBe('media type not expected');
    await cutOff;
  });

  it('one byte over the limit, and taken at the limit', async () => {
    away.answer = (_request, response) => json(response, 'x'.repeat(998));
    expect((await fetchWith()(there(), expected)).text).toHaveLength(1_000);
    expect(await refusal({ ...expected, limitBytes: 999 })).toBe('too large');
  });

  it('that breaks off', async () => {
    away.answer = (_request, response) => {
      begin(response, '{', { 'content-length': '10' });
      setImmediate(() => response.destroy());
    };
    expect(await refusal()).toBe('connection failed');
  });

  it('that does not come in time, or not to its end, or whose name does not resolve in time', async () => {
    const soon = { ...expected, timeoutMilliseconds: 200 };
    away.answer = () => undefined;
    expect(await refusal(soon)).toBe('too slow');
    away.answer = (_request, response) => begin(response, '{');
    expect(await refusal(soon)).toBe('too slow');
    await expect.poll(() => away.connections(), { timeout: 60_000 }).toBe(0);
    const resolve: Resolve = () => new Promise(() => undefined);
    expect(await reasonOf(fetchWith({ resolve })(there(), soon))).toBe('too slow');
  });
});

it('every refusal reads the same: its reason and its cause are for the log', async () => {
  const addresses = ['http://keys.example/', 'https://127.0.0.1/', `https://keys.example:${away.port}/`];
  const refused = addresses.map((address) => fetchWith()(address, expected).catch((error: Error) => error.message));
  expect(new Set(await Promise.all(refused))).toEqual(new Set(['the document cannot be fetched']));
});

describe('a form', () => {
  const sent = { form: 'logout_token=x%2By', timeoutMilliseconds: 20_000 };

  it('is posted to a public address, without credentials, and taken by any 2xx', async () => {
    let seen: unknown;
    away.answer = (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen = [request.method, request.headers, body];
        response.writeHead(204).end();
      });
    };
    await postWith()(there('/told'), sent);
    expect(seen).toEqual([
      'POST',
      {
        host: `localhost:${away.port}`,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': '18',
        'user-agent': 'Assent',
        connection: 'close',
      },
      'logout_token=x%2By',
    ]);
  });

  it.each([302, 400, 500])('is not taken by %d, and sent nowhere else', async (status) => {
    away.answer = (_request, response) => response.writeHead(status, { location: '/elsewhere' }).end();
    expect(await reasonOf(postWith()(there('/told'), sent))).toBe('status not 2xx');
    expect(away.arrived).toEqual([`localhost:${away.port} /told`]);
  });

  it('goes to no address that is not public, and waits for nobody too long', async () => {
    expect(await reasonOf(postWith({ resolve: says('10.0.0.1') })(there(), sent))).toBe('network address not allowed');
    away.answer = () => undefined;
    expect(await reasonOf(postWith()(there(), { ...sent, timeoutMilliseconds: 200 }))).toBe('too slow');
  });
});
