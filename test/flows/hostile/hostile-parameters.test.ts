import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicAuth } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { expectClean, type Pair, patienceMilliseconds, sendTo, targetNames } from './endpoints.ts';
import { type Probe, startProbe } from './probe.ts';

let stack: Stack;
let probe: Probe;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  probe = await startProbe(stack);
});

afterAll(() => stack.stop());

/** Encoded as they go over the wire. */
const keyCharacters = ['%2F', '%5C', '%23', '%3F', '%00', '%1F', '%7F', '%C2%9F'];
const brokenEncodings = ['%', '%zz', '%ED%A0%80', '%C0%AF', '%FF'];
const prototypeNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
const injections = ["x'%20or%20PartitionKey%20ne%20'", "')%20or%20(1%20eq%201", '%22%7D%2C%7B%22a%22%3A%22'];
const odd = ['', '%20', 'undefined', '%E2%80%AE%F0%9F%98%80', '%ef%bb%bf'];

for (const name of targetNames) {
  describe(`${name}: what is in a parameter`, () => {
    for (const value of keyCharacters)
      it(`[IP04] is no key: ${value}`, () => probe.tryEverywhere(probe.target(name), `a${value}b`));
    it('[IP04] is no key, however long', async () => {
      await probe.tryEverywhere(probe.target(name), 'k'.repeat(513));
      await probe.tryEverywhere(probe.target(name), 'k'.repeat(2_000));
    });
    for (const value of brokenEncodings)
      it(`[IP04] is refused when its encoding is broken: ${value}`, () =>
        probe.tryEverywhere(probe.target(name), value));
    for (const value of injections)
      it(`[IP05] is no query: ${decodeURIComponent(value)}`, () => probe.tryEverywhere(probe.target(name), value));
    for (const value of prototypeNames)
      it(`[IP07] is no property: ${value}`, () => probe.tryEverywhere(probe.target(name), value));
    for (const value of odd)
      it(`may be odd: ${value.slice(0, 30)}`, () => probe.tryEverywhere(probe.target(name), value));
    it('[IP11] starts no new header line', async () => {
      for (const value of [
        '%0d%0aX-Injected:%20yes',
        '%0aSet-Cookie:%20injected=1',
        '%0d%0a%0d%0a<script>',
        '%E5%98%8A%E5%98%8DX-Injected:1',
      ])
        await probe.tryEverywhere(probe.target(name), value);
    });
  });

  describe(`${name}: names of parameters`, () => {
    it('[IP07][IP08] are literal: prototype names, brackets and dots are parameters that nobody knows', async () => {
      const target = probe.target(name);
      const strange = [
        ...prototypeNames,
        '__proto__[polluted]',
        'constructor.prototype.polluted',
        'a[]',
        'a[b]',
        'a.b',
        'client_id[]',
        'scope[0]',
      ];
      const added: Pair[] = strange.map((one) => [encodeURIComponent(one), 'polluted']);
      const [plain, more] = [
        await sendTo(stack, target, target.parameters),
        await sendTo(stack, target, [...target.parameters, ...added]),
      ];
      expectClean(stack, target, more);
      expect([more.status, withoutChance(more.text)]).toEqual([plain.status, withoutChance(plain.text)]);
    });

    it('[IP08] are refused when they are not readable', async () => {
      const target = probe.target(name);
      for (const unreadable of ['a%00b', '%', '%ED%A0%80', '%0d%0a'])
        expectClean(stack, target, await sendTo(stack, target, [...target.parameters, [unreadable, 'x']]));
    });

    it('[IP02] are 200 at most: 10,000 are refused without a look at storage', async () => {
      const target = probe.target(name);
      probe.tableCalls();
      // As short as can be: 48,890 characters, less than a body may have.
      const many: Pair[] = Array.from({ length: 10_000 }, (_, index) => [index.toString(36), '']);
      const startedAt = performance.now();
      const answer = await sendTo(stack, target, many);
      expect(performance.now() - startedAt).toBeLessThan(patienceMilliseconds);
      expectClean(stack, target, answer);
      expect([400, 414]).toContain(answer.status);
      expect(probe.tableCalls()).toEqual([]);
    });
  });

  describe(`${name}: how long things are`, () => {
    it('[IP02] 300 KB in any parameter of a form, 20 KB in a URL, is refused without a look at storage', async () => {
      const target = probe.target(name);
      probe.tableCalls();
      for (const [changed] of target.parameters) {
        const parameters = target.parameters.map(
          ([one, old]): Pair => [one, one === changed ? 'x'.repeat(target.method === 'GET' ? 20_000 : 307_200) : old],
        );
        const answer = await sendTo(stack, target, parameters);
        expectClean(stack, target, answer);
        expect([413, 414]).toContain(answer.status);
      }
      expect(probe.tableCalls()).toEqual([]);
    });
  });
}

/** Some pages carry a reference, some redirects a state of their own. */
const withoutChance = (text: string): string => text.replaceAll(/<code>.*?<\/code>/g, '').replaceAll(/[\w-]{40,}/g, '');

describe('storage, after all that', () => {
  it('[IP04][IP05] was asked for hashed keys and by our own filters only', () => {
    probe.tableCalls();
    expect(probe.allTableCalls.length).toBeGreaterThan(50);
    const pointRead = /^\/(users|clients|replay|requests|deployment)\(PartitionKey='[0-9a-z-]+',RowKey='[\w:-]+'\)$/;
    const query = /^\/\w+\(\)\?(\$top=\d+&)?\$filter=PartitionKey (eq|ge) '[0-9a-z-]+'/;
    const write = /^\/(\$batch|users|clients|replay|requests|deployment|audit)(\?.*)?$/;
    const paths = probe.allTableCalls.map(({ path }) => decodeURIComponent(path));
    for (const path of paths)
      expect(
        [pointRead, query, write].some((shape) => shape.test(path)),
        path,
      ).toBe(true);
  });

  it('nobody lost anything: the same host still serves the right requests', async () => {
    expect((await probe.services.nightly.token({ grant_type: 'client_credentials' })).status).toBe(200);
    expect((await fetch(`${stack.issuer}/readyz`)).status).toBe(200);
    expect(basicAuth('a b', 'c:d')).toBe(`Basic ${btoa('a+b:c%3Ad')}`);
  });
});
