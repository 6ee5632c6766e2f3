/** Requests as the package hands them to the library, and as the runtime makes them: whoever asks is told the same. */
import { describe, expect, it } from 'vitest';
import { requestOf } from '../src/request.ts';

type Init = Parameters<typeof requestOf>[1];

const address = 'http://localhost/token';
const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '3' };

/** What the library and the functions ask of a request. */
const told = async (make: (address: string, init: Init) => Request | ReturnType<typeof requestOf>, of: Asked) => {
  const { address: to = address, ...init } = { method: 'GET', ...of };
  try {
    const request = make(to, init);
    const names = [...Object.keys(init.headers ?? {}).map((name) => name.toUpperCase()), 'x-other'];
    const headers = names.map((name) => [request.headers.get(name), request.headers.has(name)]);
    const { url, method, bodyUsed } = request;
    const bytes = Buffer.from(await request.arrayBuffer()).toString('hex');
    return { url, method, headers, bodyUsed, bytes, isRead: request.bodyUsed };
  } catch (error) {
    return (error as Error).name;
  }
};

type Asked = Partial<Init> & { readonly address?: string };

const asked: readonly (readonly [what: string, asked: Asked])[] = [
  ['one without anything', {}],
  ['a query', { address: "http://localhost/a?b='c'&d=%27 \u00fc#e" }],
  ['dots and spaces in a path', { address: 'http://localhost:80/a/../b c/./%2e%2e/d' }],
  ['a form', { method: 'POST', headers: form, body: Buffer.from('a=b') }],
  ['a form in a part of a larger buffer', { method: 'PUT', headers: form, body: Buffer.from('xa=bx').subarray(1, 4) }],
  ['bytes that are no text', { method: 'POST', body: Buffer.from([0, 255, 128]) }],
  ['an empty body', { method: 'POST', body: Buffer.alloc(0) }],
  ['a text', { method: 'POST', body: 'a=b', headers: {} }],
  ['a DELETE', { method: 'DELETE' }],
  ['an OPTIONS', { method: 'OPTIONS', headers: { origin: 'https://a.example' } }],
  ['a method in lower case', { method: 'post' }],
  ['a method of its own', { method: 'PURGE' }],
  ['a method that is refused', { method: 'TRACE' }],
  ['what is no method', { method: 'A B' }],
  ['headers that pages may not set', { headers: { Host: 'a', cookie: 'a=b; c=d', 'transfer-encoding': 'chunked' } }],
  ['names in other cases', { headers: { 'X-Forwarded-For': '192.0.2.1, 192.0.2.2' } }],
  ['one name in two cases', { headers: { 'X-A': '1', 'x-a': '2' } }],
  ['an empty value', { headers: { 'x-a': '' } }],
  ['spaces around a value', { headers: { 'x-a': ' \tb ' } }],
  ['a value in Latin-1', { headers: { 'x-a': 'caf\u00e9' } }],
  ['a value beyond Latin-1', { headers: { 'x-a': '\u20ac' } }],
  ['a value of two lines', { headers: { 'x-a': 'b\r\nc: d' } }],
  ['a NUL in a value', { headers: { 'x-a': 'b\0' } }],
  ['what is no name', { headers: { 'a b': 'c' } }],
  ['a name of every object', { headers: { constructor: 'c', __proto__x: 'd' } }],
  ['an address with a password', { address: 'http://a:b@localhost/' }],
  ['what is no address', { address: 'http://' }],
];

describe('a request that is handed to the library', () => {
  it.each(asked)('says what one of the runtime would: %s', async (_what, of) => {
    const ofRuntime = await told((to, init) => new Request(to, init as RequestInit), of);
    expect(await told(requestOf, of)).toEqual(ofRuntime);
  });

  it('is one of the runtime only where that has more to do', () => {
    const plain = { method: 'POST', headers: form, body: Buffer.from('a=b') };
    expect(requestOf(address, plain)).not.toBeInstanceOf(Request);
    expect(requestOf(address, { ...plain, body: 'a=b' })).toBeInstanceOf(Request);
  });

  it('gives its body in every other form as well, and once', async () => {
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":1}') };
    expect(await requestOf(address, json).text()).toBe('{"a":1}');
    expect(await requestOf(address, json).json()).toEqual({ a: 1 });
    expect(await (await requestOf(address, json).blob()).text()).toBe('{"a":1}');
    expect(await requestOf(address, json).clone().text()).toBe('{"a":1}');
    expect(requestOf(address, json).body).toBeInstanceOf(ReadableStream);
    expect(requestOf(address, { method: 'GET' }).body).toBeNull();
    const fields = await requestOf(address, { method: 'POST', headers: form, body: Buffer.from('a=b') }).formData();
    expect([...fields]).toEqual([['a', 'b']]);
    const read = requestOf(address, json);
    await read.arrayBuffer();
    await expect(read.arrayBuffer()).rejects.toThrow(TypeError);
    await expect(read.text()).rejects.toThrow(TypeError);
  });
});
