/** Answers as they stand on the wire (RFC 9112), whole and in pieces, and beside what Node's own client makes of them. */
import { Agent, get } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../src/transport/answer-content.ts';
import { answerHead } from '../../src/transport/answer-head.ts';
import { headersFrom } from '../../src/transport/headers.ts';
import { createHttpClient } from '../../src/transport/http-client.ts';
import { rawServer } from './raw-server.ts';

const client = createHttpClient();

const ask = (url: string, method: 'GET' | 'HEAD' = 'GET') =>
  client.sendRequest({
    url,
    method,
    headers: headersFrom({ accept: 'text/plain' }),
    timeout: 0,
    withCredentials: false,
    requestId: 'id',
    allowInsecureConnection: true,
  });

const askNode = (url: string) =>
  new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    get(url, { agent, headers: { connection: 'keep-alive' } }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const headers = { ...incoming.headers };
        resolve({ status: incoming.statusCode, headers, text: Buffer.concat(parts).toString() });
      });
    }).on('error', reject);
  });

const lines = (...texts: readonly string[]): string => texts.join('\r\n');

type Sample = readonly [what: string, bytes: string, ends: boolean];

const readable: readonly Sample[] = [
  ['a length', lines('HTTP/1.1 200 OK', 'Content-Length: 3', '', 'abc'), false],
  ['a length of none', lines('HTTP/1.1 200 OK', 'Content-Length: 0', '', ''), false],
  ['no reason', lines('HTTP/1.1 412 ', 'Content-Length: 1', '', 'x'), false],
  ['not even a blank before it', lines('HTTP/1.1 412', 'Content-Length: 1', '', 'x'), false],
  [
    'chunks',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '3', 'abc', 'A', '0123456789', '0', '', ''),
    false,
  ],
  [
    'a chunk with an extension',
    lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '2;a=b', 'ab', '0', '', ''),
    false,
  ],
  ['a trailer', lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1', 'a', '0', 'x: y', '', ''), false],
  ['no chunk', lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '0', '', ''), false],
  ['no content by its status', lines('HTTP/1.1 204 No Content', 'Content-Length: 5', '', ''), false],
  ['not modified', lines('HTTP/1.1 304 Not Modified', 'ETag: "x"', '', ''), false],
  [
    'an interim answer before',
    lines('HTTP/1.1 100 Continue', '', 'HTTP/1.1 200 OK', 'Content-Length: 1', '', 'x'),
    false,
  ],
  ['the end of the connection', lines('HTTP/1.1 200 OK', 'Connection: close', '', 'all of it'), true],
  ['an older version', lines('HTTP/1.0 200 OK', '', 'all of it'), true],
  ['values with blanks around', lines('HTTP/1.1 200 OK', 'X-A:  a b \t', 'X-B:', 'Content-Length: 0', '', ''), false],
  ['two lines of one header', lines('HTTP/1.1 200 OK', 'X-A: a', 'x-a: b', 'Content-Length: 0', '', ''), false],
  ['letters beyond ASCII', lines('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'Ã¼'), false],
];

const unreadable: readonly Sample[] = [
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', false],
  ['another version', lines('HTTP/2 200', '', ''), false],
  ['no status', lines('HTTP/1.1 OK', '', ''), false],
  ['a header without a colon', lines('HTTP/1.1 200 OK', 'what', '', ''), false],
  ['a blank before the colon', lines('HTTP/1.1 200 OK', 'Content-Length : 1', '', 'x'), false],
  ['a folded header', lines('HTTP/1.1 200 OK', 'x: a', ' b', 'Content-Length: 0', '', ''), false],
  ['a bare line feed in a header', lines('HTTP/1.1 200 OK', 'x: a\ny: b', 'Content-Length: 0', '', ''), false],
  ['two lengths', lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2', '', 'xx'), false],
  ['a length below none', lines('HTTP/1.1 200 OK', 'Content-Length: -1', '', ''), false],
  [
    'a length and chunks',
    lines('HTTP/1.1 200 OK', 'Content-Length: 1', 'Transfer-Encoding: chunked', '', '0', '', ''),
    false,
  ],
  ['a coding that is not known', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: gzip, chunked', '', '0', '', ''), false],
  [
    'a chunk without a size',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'x', 'abc', '0', '', ''),
    false,
  ],
  [
    'a chunk that is longer than it says',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', 'abc', '0', '', ''),
    false,
  ],
  [
    'a bare line feed after a size',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '1\na', '0', '', ''),
    false,
  ],
  ['an end before the content is whole', lines('HTTP/1.1 200 OK', 'Content-Length: 9', '', 'abc'), true],
  ['an end before the last chunk', lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '3', 'abc', ''), true],
  ['an end before the head is whole', 'HTTP/1.1 200 OK\r\nConte', true],
  ['a head without an end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`, false],
  [
    'a line between chunks without an end',
    lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', `1;${'y'.repeat(20_000)}`),
    false,
  ],
];

const served = ([, bytes, ends]: Sample) =>
  rawServer((socket) => {
    socket.write(bytes, 'latin1');
    if (ends) socket.end();
  });

describe('an answer', () => {
  it.each(readable)('is what it is to Node as well: %s', async (...sample) => {
    const { url } = await served(sample);
    const { status, headers, bodyAsText } = await ask(url);
    expect({ status, headers: headers.toJSON(), text: bodyAsText }).toEqual(await askNode(url));
  });

  it.each(unreadable)('fails without a status: %s', async (...sample) => {
    const error = await ask((await served(sample)).url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('statusCode');
  });

  it.each(readable)('may come in pieces of any size: %s', async (_what, text) => {
    const bytes = Buffer.from(text, 'latin1');
    const { url } = await rawServer(async (socket) => {
      socket.setNoDelay(true);
      for (const byte of bytes) {
        socket.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      socket.end();
    });
    const whole = await ask((await served(['', text, true])).url);
    expect((await ask(url)).bodyAsText).toBe(whole.bodyAsText);
  });

  it('to a HEAD request has no content, whatever its length says', async () => {
    const { url, heard } = await served(['', lines('HTTP/1.1 200 OK', 'Content-Length: 9', '', ''), false]);
    expect((await ask(url, 'HEAD')).bodyAsText).toBe('');
    expect((await ask(url, 'HEAD')).headers.get('content-length')).toBe('9');
    expect(heard).toHaveLength(1);
  });
});

describe('content in chunks', () => {
  it('is the same however it is cut, by the server and on the way', () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, cuts, (parts, places) => {
        const sized = parts.map((part) =>
          Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
        );
        const wire = Buffer.concat([...sized, Buffer.from('0\r\n\r\nmore')]);
        const content = contentOf('chunked');
        let taken = 0;
        for (const end of [...places.toSorted((a, b) => a - b), wire.length])
          if (end > taken && !content.isWhole()) taken += content.take(wire.subarray(taken, end));
        expect([content.isWhole(), wire.subarray(taken).toString()]).toEqual([true, 'more']);
        expect(content.text()).toBe(Buffer.concat(parts).toString());
      }),
    );
  });
});

describe('the head of an answer', () => {
  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(answerHead(`HTTP/1.1 200 OK\r\n${text}`, false).status).toBe(200);
        } catch (error) {
          expect(error).toHaveProperty('name', 'UnreadableAnswer');
        }
      }),
    );
  });

  it('takes no name of a header for one of an object', () => {
    const head = answerHead(lines('HTTP/1.1 200 OK', '__proto__: x', 'constructor: y'), false);
    expect(Object.entries(head.headers())).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});
