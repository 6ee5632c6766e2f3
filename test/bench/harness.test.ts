/**
 * The parts of `bench/` that figures depend on. The measurements themselves are no test: they take minutes, and timings
 * differ from machine to machine.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest } from '@azure/functions';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange } from '../../bench/peer/exchange.ts';
import { startProxy } from '../../bench/proxy.ts';
import { median, slope, spread } from '../../bench/statistics.ts';

describe('statistics', () => {
  it('take the middle of an odd number of values, and between the two in the middle of an even one', () => {
    expect([median([5, 1, 3]), median([4, 1, 3, 2]), spread([5, 1, 3])]).toEqual([3, 2.5, [1, 5]]);
  });

  it('find three round trips where each millisecond of delay adds three', () => {
    const noisy = [
      [0, 11],
      [25, 84],
      [50, 161],
    ] as const;
    expect(slope(noisy)).toBeCloseTo(3, 5);
  });
});

describe('a counting proxy', () => {
  const emulator = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201, { 'x-kind': 'emulator' }).end('made'));
  });
  afterEach(() => {
    emulator.close();
    emulator.closeAllConnections();
  });

  it('passes requests on as they are, and counts them and their bytes once', async () => {
    await new Promise<void>((resolve) => emulator.listen(0, '127.0.0.1', resolve));
    const proxy = await startProxy({ target: (emulator.address() as AddressInfo).port });
    const answer = await fetch(`http://localhost:${proxy.port}/things?a=b`, { method: 'POST', body: 'x'.repeat(1000) });
    expect([answer.status, answer.headers.get('x-kind'), await answer.text()]).toEqual([201, 'emulator', 'made']);
    const passed = proxy.take();
    expect(passed.requests).toBe(1);
    expect(passed.bytes).toBeGreaterThan(1_000 + 'POST /things?a=b HTTP/1.1'.length + 'made'.length);
    expect(passed.bytes).toBeLessThan(2_000);
    expect(proxy.take()).toEqual({ requests: 0, bytes: 0 });
    await proxy.stop();
  });
});

describe('the peer behind @azure/functions', () => {
  it('reads the path, the query, headers and body of a request, and keeps every cookie of an answer', async () => {
    const request = new HttpRequest({
      method: 'POST',
      url: 'http://localhost:1/token?a=b',
      headers: { authorization: 'Basic x' },
      body: { string: 'grant_type=x' },
    });
    const answer = await exchange(request, async (incoming, response) => {
      const body: Buffer[] = [];
      for await (const chunk of incoming as AsyncIterable<Buffer>) body.push(chunk);
      response.statusCode = 303;
      response.setHeader('location', '/next');
      response.setHeader('set-cookie', ['a=1; path=/x; httponly; samesite=lax', 'b=2=3; path=/']);
      response.end(`${incoming.method} ${incoming.url} ${incoming.headers.authorization} ${Buffer.concat(body)}`);
    });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/next' } });
    expect(String(answer.body)).toBe('POST /token?a=b Basic x grant_type=x');
    expect(answer.cookies).toEqual([
      { name: 'a', value: '1', path: '/x', httpOnly: true, secure: false, sameSite: 'Lax' },
      { name: 'b', value: '2=3', path: '/', httpOnly: false, secure: false },
    ]);
  });
});

describe('the tables of measurements', () => {
  it('have a place in the README for each script that measures, once', async () => {
    const root = new URL('../../', import.meta.url);
    const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const readme = await readFile(new URL('README.md', root), 'utf8');
    // How long a revocation takes to arrive is printed for whoever asks; it is no table.
    const measuring = Object.keys(scripts).filter((name) => /^bench(?::(?!revocation)|$)/.test(name));
    expect(measuring).toEqual(['bench', 'bench:cold', 'bench:floor', 'bench:growth', 'bench:scale']);
    for (const name of measuring) {
      const marker = name.replace(':', '-');
      expect(readme.split(new RegExp(`<!-- /?${marker} -->`))).toHaveLength(3);
    }
  });
});
