import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf } from '../support/answer.ts';
import { assertionBy, assertionFields, newKeyPair } from '../support/assertions.ts';
import { newDpopKey, proofBy } from '../support/dpop.ts';
import { basicAuth, demoServices, postForm, register } from '../support/service.ts';
import { type Arena, everyRound, patienceMilliseconds, startArena, times, wordOf } from './arena.ts';

let arena: Arena;

beforeAll(async () => {
  arena = await startArena();
});

afterAll(() => arena.stop());

describe('RFC 9449 §11.1: a proof is used once, at one host and at two', () => {
  it(
    'fifty requests with one DPoP proof give one token',
    async () => {
      const { issuer, hosts } = arena.stack;
      const { clientId, secret = '' } = demoServices(issuer).nightly.registration;
      const key = await newDpopKey();
      await everyRound(async () => {
        const dpop = await proofBy(key, { url: `${issuer}/token` });
        const headers = { authorization: basicAuth(clientId, secret), dpop };
        const answers = await times(50, (index) =>
          answerOf(postForm(`${hosts[index % hosts.length]}/token`, { grant_type: 'client_credentials' }, headers)),
        );
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        const others = answers.filter(({ status }) => status !== 200).map(wordOf);
        expect(new Set(others)).toEqual(new Set(['400 invalid_dpop_proof']));
      });
    },
    patienceMilliseconds,
  );

  it(
    'fifty requests with one client assertion give one token (RFC 7523 §3)',
    async () => {
      const { issuer, hosts } = arena.stack;
      const key = await newKeyPair();
      const { registration } = await register(issuer, {
        redirect_uris: [],
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [key.jwk] },
      });
      await everyRound(async () => {
        const fields = assertionFields(await assertionBy(key, { clientId: registration.clientId, issuer }), {
          grant_type: 'client_credentials',
          scope: 'vso.work',
        });
        const answers = await times(50, (index) => answerOf(postForm(`${hosts[index % hosts.length]}/token`, fields)));
        expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
        const others = answers.filter(({ status }) => status !== 200).map(wordOf);
        expect(new Set(others)).toEqual(new Set(['401 invalid_client']));
      });
    },
    patienceMilliseconds,
  );
});
