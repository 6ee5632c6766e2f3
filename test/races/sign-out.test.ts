/** Signing out in several tabs at once, on two hosts: once is enough, and whoever must hear of it hears it once. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formsIn } from '../support/forms.ts';
import { personAt } from '../support/people.ts';
import { register } from '../support/service.ts';
import { tellDue } from '../support/sign-out.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startTold, type Told } from '../support/told.ts';

const rounds = Number(process.env.RACE_ROUNDS ?? (process.env.CI === 'true' ? 10 : 4));
const atOnce = 6;

let stack: Stack;
let told: Told;

beforeAll(async () => {
  [stack, told] = await Promise.all([startStack({ hosts: 2 }), startTold()]);
});

afterAll(() => Promise.all([stack.stop(), told.stop()]));

it('[LO05] ends one session once, whichever tab comes first', async () => {
  const service = await register(stack.issuer, { backchannel_logout_uri: told.uri });
  for (let round = 0; round < rounds; round++) {
    const person = personAt(stack);
    const tokens = await service.tokens(person, { scope: 'openid vso.work' });
    const page = await person.visit(`${stack.issuer}/sign-out`);
    const form = page.kind === 'page' ? formsIn(page.html).find(({ action }) => action === '/sign-out') : undefined;
    const body = new URLSearchParams(form?.fields.map(({ name, value }): [string, string] => [name, value]));
    const cookie = `assent-session=${person.cookies.get('localhost')?.get('assent-session')}`;
    const leave = (host = '') =>
      fetch(`${host}/sign-out`, {
        method: 'POST',
        body,
        headers: { cookie, origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
      });
    const answers = await Promise.all(
      Array.from({ length: atOnce }, (_, index) => leave(stack.hosts[index % stack.hosts.length])),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: atOnce }, () => 200));
    expect((await service.refresh(tokens.refresh_token)).status).toBe(400);
  }
  await stack.clock.move(61);
  await tellDue(stack);
  const sids = told.deliveries
    .map(({ body }) => decodeJwt(body.get('logout_token') ?? ''))
    .filter(({ aud }) => aud === service.registration.clientId)
    .map(({ sid }) => sid);
  expect([sids.length, new Set(sids).size]).toEqual([rounds, rounds]);
});
