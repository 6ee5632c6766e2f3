import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushed } from '../support/pushed.ts';
import type { Service } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, startArena, times } from './arena.ts';

let arena: Arena;
let service: Service;

beforeAll(async () => {
  arena = await startArena();
  service = await arena.newClient();
  await service.tokens(arena.person);
});

afterAll(() => arena.stop());

describe('RFC 9126 §7.3: a pushed request is answered once, at one host and at two', () => {
  it(
    '[PR13] fifty silent answers to one request give one code',
    () =>
      everyRound(async () => {
        const request = await pushed(arena.stack.issuer, service);
        const people = arena.stack.hosts.map((origin) => arena.personAt(origin));
        const answers = await times(50, async (index) => {
          const response = await people[index % people.length]?.send(request.url);
          const location = response?.headers.get('location');
          return location ? new URL(location).searchParams.get('code') : undefined;
        });
        const codes = new Set(answers.filter((code) => typeof code === 'string'));
        expect(codes.size).toBe(1);
        const [code = ''] = codes;
        const { verifier } = request;
        const redeemed = await times(5, () => service.redeem({ code, verifier }));
        expect(redeemed.filter(({ status }) => status === 200)).toHaveLength(1);
      }),
    patienceMilliseconds,
  );
});
