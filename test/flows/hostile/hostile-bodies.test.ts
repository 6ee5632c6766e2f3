import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../../support/raw.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectClean, patienceMilliseconds, sendTo, targetNames } from './endpoints.ts';
import { type Probe, startProbe } from './probe.ts';

let stack: Stack;
let probe: Probe;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  probe = await startProbe(stack);
});

afterAll(() => stack.stop());

const formTargets = targetNames.filter(
  (name) => !['authorize (GET)', 'sign-in-callback', 'end-session (GET)'].includes(name),
);

/** Userinfo needs no body: one that is no form is nothing, and who sent no token is asked for one. */
const formsOnly: readonly string[] = formTargets.filter((name) => name !== 'userinfo');

describe('bodies', () => {
  it('[IP01] of 10 KB are read', async () => {
    const answer = await probe.services.nightly.token({
      grant_type: 'client_credentials',
      padding: 'x'.repeat(10_240),
    });
    expect(answer.status).toBe(200);
  });

  for (const name of formTargets) {
    for (const size of [1, 10]) {
      it(`[IP01] of ${size} MB are refused at ${name} with 413 without a look at storage`, async () => {
        const target = probe.target(name);
        probe.tableCalls();
        const startedAt = performance.now();
        const answer = await sendTo(stack, target, [
          ...target.parameters,
          ['client_assertion', 'x'.repeat(size * 1_048_576)],
        ]);
        expect(performance.now() - startedAt).toBeLessThan(patienceMilliseconds);
        expect(answer.status).toBe(413);
        expectClean(stack, target, answer);
        expect(probe.tableCalls()).toEqual([]);
      });
    }

    it.skipIf(!formsOnly.includes(name))(`[TK02] of another type are refused at ${name}`, async () => {
      const target = probe.target(name);
      const body = target.parameters.map(([one, value]) => `${one}=${value}`).join('&');
      for (const type of [
        'application/json',
        'multipart/form-data; boundary=x',
        'text/plain',
        'x',
        '',
        'application/x-www-form-urlencoded, text/plain',
      ]) {
        const headers = { ...target.headers, 'content-type': type };
        const answer = await sendRaw(stack.issuer, target.path, { method: 'POST', headers, body });
        expect(answer.status).toBe(415);
        expectClean(stack, target, answer);
      }
    });

    it(`[IP13] that are compressed are refused at ${name}, and not inflated`, async () => {
      const target = probe.target(name);
      const bomb = gzipSync(Buffer.alloc(10_000_000, 'a'));
      for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x']) {
        const headers = { ...target.headers, 'content-encoding': encoding };
        const answer = await sendRaw(stack.issuer, target.path, { method: 'POST', headers, body: bomb });
        expect(answer.status).toBe(415);
        expectClean(stack, target, answer);
      }
    });

    it(`[IP04] that are not UTF-8 are refused at ${name}`, async () => {
      const target = probe.target(name);
      for (const bytes of [[0xff, 0xfe], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0x80]]) {
        const body = Buffer.concat([Buffer.from('client_id=demo-web&state='), Buffer.from(bytes)]);
        const answer = await sendRaw(stack.issuer, target.path, { method: 'POST', headers: target.headers, body });
        expect(answer.status).toBe(400);
        expectClean(stack, target, answer);
      }
    });

    it(`that are empty are refused at ${name}`, async () => {
      const target = probe.target(name);
      expectClean(stack, target, await sendTo(stack, target, []));
    });
  }

  it('[IP01] without end are refused at once, and others are served meanwhile', async () => {
    const endless = await sendEndlessly();
    expect(endless.status).toBe(411);
    expect(endless.othersServed).toBeGreaterThan(0);
  });

  for (const name of formTargets) {
    it(`[IP01] in chunks, of which the platform passes none on, are refused at ${name} with 411`, async () => {
      const target = probe.target(name);
      const headers = { ...target.headers, 'transfer-encoding': 'chunked' };
      const answer = await sendRaw(stack.issuer, target.path, { method: 'POST', headers, body: 'grant_type=x' });
      expect(answer.status).toBe(411);
      expectClean(stack, target, answer);
    });
  }

  it('[IP01] that never arrive keep nobody else waiting', async () => {
    const { port } = new URL(stack.issuer);
    const head =
      'POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n';
    const stuck = Array.from({ length: 100 }, (_, index) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined).write(index % 2 === 0 ? head : `${head}\r\ngrant_type=`);
      return socket;
    });
    const startedAt = performance.now();
    expect((await probe.services.nightly.token({ grant_type: 'client_credentials' })).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(patienceMilliseconds);
    for (const socket of stuck) socket.destroy();
  });
});

/** A body in chunks that goes on until the server says something or hangs up; asks for other things all the while. */
const sendEndlessly = async (): Promise<{ status: number | undefined; othersServed: number }> => {
  let over = false;
  let othersServed = 0;
  const status = new Promise<number | undefined>((resolve) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'transfer-encoding': 'chunked' };
    // Kept alive: a server that closes with bytes unread resets the connection, and its answer may be lost on the way.
    const agent = new Agent({ keepAlive: true });
    const call = request(`${stack.issuer}/token`, { method: 'POST', headers, agent }, (answer) => {
      resolve(answer.statusCode);
      agent.destroy();
    });
    const chunk = Buffer.alloc(1_048_576, 'a');
    const pump = (): void => {
      while (!over && call.write(chunk));
    };
    call.on('error', () => resolve(undefined)).on('drain', pump);
    pump();
  }).finally(() => {
    over = true;
  });
  while (!over) {
    if ((await fetch(`${stack.issuer}/healthz`)).status === 200) othersServed += 1;
  }
  return { status: await status, othersServed };
};
