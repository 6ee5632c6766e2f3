/** What an API of examples/apis does with tokens that are bound to a key (DPoP, RFC 9449): it takes them from who holds it, and from nobody else. */
import { createHash } from 'node:crypto';
import { exportJWK, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DpopKey, newDpopKey, type ProofOptions, proofBy } from '../support/dpop.ts';
import { type Api, goodClaims, metadata, now, resource } from './apis.ts';
import type { Issuer } from './issuer.ts';

/** Where clients reach the API: its origin is that of the resource, whatever port a test has it at. */
const target = `${new URL(resource).origin}/`;

type Wrong = Partial<ProofOptions> & { readonly by?: DpopKey };

/** What is wrong with a proof -> how it comes to be. */
const wrongProofs: readonly (readonly [string, (address: URL) => Wrong])[] = [
  ['for another method', () => ({ method: 'POST' })],
  ['for another path', () => ({ url: `${target}other` })],
  ['for where the request went, which is not where clients go', ({ href }) => ({ url: href })],
  ['for no address', () => ({ claims: { htu: 'work' } })],
  ['for a list of addresses', () => ({ claims: { htu: [target] } })],
  ['for another token', () => ({ token: 'another' })],
  ['for no token', () => ({ claims: { ath: undefined } })],
  ['without jti', () => ({ claims: { jti: undefined } })],
  ['without iat', () => ({ claims: { iat: undefined } })],
  ['without htm', () => ({ claims: { htm: undefined } })],
  ['without htu', () => ({ claims: { htu: undefined } })],
  ['whose iat is no number', () => ({ claims: { iat: 'now' } })],
  ['of two minutes ago', () => ({ claims: { iat: now() - 120 } })],
  ['of a minute from now', () => ({ claims: { iat: now() + 60 } })],
  ['that is an access token', () => ({ header: { typ: 'at+jwt' } })],
  ['of no type', () => ({ header: { typ: undefined } })],
  ['without its key', () => ({ header: { jwk: undefined } })],
  ['with a key that is a word', () => ({ header: { jwk: 'key' } })],
];

/** With a secret in place of a key, or with nothing. */
const unprovenProofs = async (key: DpopKey, token: string): Promise<readonly string[]> => {
  const ath = createHash('sha256').update(token).digest('base64url');
  const claims = { htm: 'GET', htu: target, jti: 'a', iat: now(), ath };
  const symmetric = { kty: 'oct', k: Buffer.alloc(32).toString('base64url') };
  const signed = [key.jwk, symmetric].map((jwk) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: jwk as JWK }).sign(Buffer.alloc(32)),
  );
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [...(await Promise.all(signed)), `${part({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk })}.${part(claims)}.`];
};

/** To be called where the API runs behind this issuer: both are asked for once the tests begin. */
export const describeBoundTokens = (
  api: Pick<Api, 'algorithms'>,
  running: () => { readonly issuer: Issuer; readonly address: URL },
): void => {
  describe('that is bound to a key (RFC 9449 §7)', () => {
    let key: DpopKey;

    beforeAll(async () => {
      key = await newDpopKey();
    });

    const tokenOf = (claims: object): Promise<string> => {
      const { issuer } = running();
      return issuer.token({ ...goodClaims(issuer.url), ...claims });
    };

    const bound = (claims: object = {}): Promise<string> => tokenOf({ cnf: { jkt: key.jkt }, ...claims });

    const proofOf = (token: string, { by = key, ...wrong }: Wrong = {}): Promise<string> =>
      proofBy(by, { method: 'GET', url: target, token, ...wrong });

    const algs = `algs="${api.algorithms.join(' ')}"`;
    const refused = (error: string) => ({
      status: 401,
      challenge: `DPoP error="${error}", scope="vso.work", resource_metadata="${metadata}", ${algs}`,
    });

    type Sent = { readonly scheme?: string; readonly token: string; readonly method?: string };

    const send = async ({ scheme = 'DPoP', token, method = 'GET' }: Sent, ...proofs: readonly string[]) => {
      const headers = new Headers({ authorization: `${scheme} ${token}` });
      for (const proof of proofs) headers.append('dpop', proof);
      const { status, headers: answered } = await fetch(running().address, { method, headers });
      return { status, challenge: answered.get('www-authenticate') };
    };

    it.each(api.algorithms)('takes it with a proof of the key, of %s', async (alg) => {
      const by = await newDpopKey(alg);
      const token = await bound({ cnf: { jkt: by.jkt } });
      expect(await send({ token }, await proofOf(token, { by }))).toMatchObject({ status: 200 });
      const withQuery = await proofOf(token, { by, url: `${target}?a=b#c` });
      expect(await send({ token, scheme: 'dpop' }, withQuery)).toMatchObject({ status: 200 });
    });

    it('takes each proof once (RFC 9449 §11.1)', async () => {
      const token = await bound();
      const proof = await proofOf(token);
      const answers = await Promise.all([1, 2, 3].map(() => send({ token }, proof)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401]);
      expect(await send({ token }, proof)).toEqual(refused('invalid_dpop_proof'));
      expect(await send({ token }, await proofOf(token))).toMatchObject({ status: 200 });
    });

    it('takes it for no bearer token, whatever comes with it (§7.2), and a bearer token for none of these', async () => {
      const token = await bound();
      expect(await send({ scheme: 'Bearer', token })).toEqual(refused('invalid_token'));
      expect(await send({ scheme: 'Bearer', token }, await proofOf(token))).toEqual(refused('invalid_token'));
      const bearer = await tokenOf({});
      expect(await send({ token: bearer }, await proofOf(bearer))).toEqual(refused('invalid_token'));
      expect(await send({ scheme: 'Bearer', token: bearer }, await proofOf(bearer))).toMatchObject({ status: 200 });
    });

    it.each([{ 'x5t#S256': 'x' }, { jkt: 5 }, {}, 'x', null, 7])('takes none that says %j of its key', async (cnf) => {
      const token = await bound({ cnf });
      const errors = [await send({ token }, await proofOf(token)), await send({ scheme: 'Bearer', token })];
      expect(errors.map(({ status }) => status)).toEqual([401, 401]);
    });

    it.each(wrongProofs)('takes none with a proof %s', async (_name, wrong) => {
      const token = await bound();
      expect(await send({ token }, await proofOf(token, wrong(running().address)))).toEqual(
        refused('invalid_dpop_proof'),
      );
    });

    it('takes none with the proof of another key, or one that shows its private part', async () => {
      const [token, by] = [await bound(), await newDpopKey()];
      const proofs = [
        await proofOf(token, { by }),
        await proofOf(token, { by, header: { jwk: key.jwk } }),
        await proofOf(token, { header: { jwk: await exportJWK(key.privateKey) } }),
        ...(await unprovenProofs(key, token)),
      ];
      for (const proof of proofs)
        expect([proof, await send({ token }, proof)]).toEqual([proof, refused('invalid_dpop_proof')]);
    });

    it('takes none without a proof, with two, or with something else', async () => {
      const token = await bound();
      const two = [await proofOf(token), await proofOf(token)];
      for (const proofs of [[], two, ['x'], ['a.b.c'], ['%']])
        expect([proofs, await send({ token }, ...proofs)]).toEqual([proofs, refused('invalid_dpop_proof')]);
    });

    it('refuses it in the scheme that it came in', async () => {
      const over = await bound({ exp: now() - 1 });
      expect(await send({ token: over }, await proofOf(over))).toEqual(refused('invalid_token'));
      const narrow = await bound({ scope: 'vso.code' });
      expect(await send({ token: narrow }, await proofOf(narrow))).toEqual({
        status: 403,
        challenge: `DPoP error="insufficient_scope", scope="vso.code vso.work", resource_metadata="${metadata}", ${algs}`,
      });
      const old = await bound({ auth_time: now() - 3600 });
      expect(await send({ token: old, method: 'DELETE' }, await proofOf(old, { method: 'DELETE' }))).toEqual({
        status: 401,
        challenge: `DPoP error="insufficient_user_authentication", max_age="300", resource_metadata="${metadata}", ${algs}`,
      });
    });
  });
};
