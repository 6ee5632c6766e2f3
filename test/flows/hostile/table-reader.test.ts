/** Whoever reads the tables, all of them, has no key: neither a live token nor anybody's sub follows from what lies there. */
import { createHmac, hkdfSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity, vaultAudience } from '../../../local/identity/identities.ts';
import { users } from '../../../local/provider/users.ts';
import { deriveKeys } from '../../../src/oauth/tokens/deployment-keys.ts';
import { userKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { jwtPart } from '../../support/answer.ts';
import { signedInAt } from '../../support/people.ts';
import { storedRows } from '../../support/rows.ts';
import { demoServices, okJson, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

/** Everything in the tables that could be a key: every value that decodes to at least 16 bytes. */
const candidates = (rows: readonly Readonly<Record<string, unknown>>[]): readonly Buffer[] =>
  rows
    .flatMap((row) => Object.values(row))
    .filter((value): value is string => typeof value === 'string' && /^[\w-]{22,}$/.test(value))
    .flatMap((text) => [Buffer.from(text, 'base64url'), Buffer.from(text)]);

/** As the server itself asks the vault. */
const unwrapped = async (value: string, version: string): Promise<Buffer> => {
  const bearer = await stack.identity.issue(dataIdentity, vaultAudience);
  const url = `${stack.vault.url}/keys/assent-wrapping/${version}/unwrapkey?api-version=2025-07-01`;
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ alg: 'RSA-OAEP-256', value });
  const answer = await okJson<{ value: string }>(fetch(url, { method: 'POST', headers, body }));
  return Buffer.from(answer.value, 'base64url');
};

describe('what lies in the tables', () => {
  it('gives neither a sub, nor the successor of an old refresh token, nor a sign-in cookie', async () => {
    const { web } = demoServices(stack.issuer);
    const alice = await signedInAt(stack);
    const tokens = await web.tokens(alice);
    const next = await okJson<TokenSet>(web.refresh(tokens.refresh_token));
    const userKey = userKeyOf(stack.provider.issuer, users.find(({ login }) => login === 'alice')?.objectId ?? '');
    const deployment = await storedRows(stack, 'deployment', 'deployment');
    expect(deployment.map(({ RowKey }) => RowKey)).toEqual(['secret']);
    const person = await storedRows(stack, 'users', userKey.toString('hex'));
    const keys = candidates([...deployment, ...person]);
    expect(keys.length).toBeGreaterThan(10);

    const sub = String(jwtPart(tokens.access_token, 'payload').sub);
    const secretOf = (token: string) => Buffer.from(token.slice('assent_rt_'.length), 'base64url').subarray(88, 120);
    const familyId = Buffer.from(tokens.refresh_token.slice('assent_rt_'.length), 'base64url').subarray(48, 64);
    const salt = Buffer.from(String(person.find(({ salt: one }) => one !== undefined)?.salt), 'base64url');
    const old = secretOf(tokens.refresh_token);
    for (const key of [...keys, old]) {
      for (const one of [key, deriveKeys(key).subject, Buffer.from(hkdfSync('sha256', key, '', '', 32))])
        for (const message of [userKey, Buffer.concat([Buffer.from('assent subject'), userKey])])
          expect(createHmac('sha256', one).update(message).digest('base64url')).not.toBe(sub);
      const messages = [
        Buffer.concat([old, familyId, salt]),
        Buffer.concat([Buffer.from('assent refresh'), familyId, salt]),
      ];
      for (const message of messages)
        for (const one of [key, deriveKeys(key).successor])
          expect(createHmac('sha256', one).update(message).digest().equals(secretOf(next.refresh_token))).toBe(false);
    }
    // What was tried is how it is done: with the secret that only the vault unwraps it works.
    const keysOfDeployment = deriveKeys(
      await unwrapped(String(deployment[0]?.wrapped), String(deployment[0]?.version)),
    );
    expect(createHmac('sha256', keysOfDeployment.subject).update(userKey).digest('base64url')).toBe(sub);
    const successor = createHmac('sha256', keysOfDeployment.successor).update(Buffer.concat([old, familyId, salt]));
    expect(successor.digest().equals(secretOf(next.refresh_token))).toBe(true);
  });
});
