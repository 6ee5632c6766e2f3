import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signingKeyName } from '../local/settings.ts';
import { jwtPart } from './support/answer.ts';
import { demoServices, okJson, type TokenSet } from './support/service.ts';
import { type Stack, startStack } from './support/stack.ts';

const stepSeconds = 20;
const accessTokenSeconds = 600;
/** The key list is held for so long, so a host publishes what happened in the vault no later. */
const listCacheSeconds = 60;
/** Longer than a new version may take from its making to its first use, and its predecessor's tokens to expire. */
const rotationSeconds = 3_000;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ hosts: 2 });
});

afterAll(() => stack.stop());

type Keys = Parameters<typeof createLocalJWKSet>[0];
type Issued = { readonly token: string; readonly kid: string; readonly expiresAt: number };

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const fetchKeys = async (host: string): Promise<{ keys: Keys; maxAgeSeconds: number }> => {
  const response = await fetch(`${host}/.well-known/jwks.json`);
  const maxAge = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1];
  return { keys: await okJson<Keys>(response), maxAgeSeconds: Number(maxAge) };
};

/** A resource server that reads the keys no more often than their max-age asks for, and never because a kid is unknown. */
const createVerifier = (host: string, readAt: number) => {
  let held = { keys: { keys: [] } as Keys, until: readAt };
  return async ({ token }: Issued): Promise<void> => {
    if (nowSeconds() >= held.until) {
      const { keys, maxAgeSeconds } = await fetchKeys(host);
      held = { keys, until: nowSeconds() + maxAgeSeconds };
    }
    if (held.keys.keys.length > 0) await jwtVerify(token, createLocalJWKSet(held.keys));
  };
};

const issue = async (host: string): Promise<Issued> => {
  const { nightly } = demoServices(stack.issuer, host);
  const { access_token: token } = await okJson<TokenSet>(
    nightly.token({ grant_type: 'client_credentials', scope: 'vso.work' }),
  );
  return { token, kid: String(jwtPart(token, 'header').kid), expiresAt: Number(jwtPart(token, 'payload').exp) };
};

const kidsAt = async (host: string): Promise<readonly unknown[]> =>
  // One of each version: it has another entry for each other algorithm.
  (await fetchKeys(host)).keys.keys.filter(({ alg }) => alg === 'RS256').map(({ kid }) => kid);

/** Lets time pass in steps: at each, both hosts issue and every verifier checks what is alive. Gives what was issued. */
const traffic = async (seconds: number): Promise<readonly Issued[]> => {
  const startedAt = nowSeconds();
  const verifiers = Array.from({ length: 8 }, (_, index) =>
    createVerifier(stack.hosts[index % 2] ?? '', startedAt + index * 40),
  );
  const issued: Issued[] = [];
  while (nowSeconds() < startedAt + seconds) {
    await stack.clock.move(stepSeconds);
    issued.push(...(await Promise.all(stack.hosts.map(issue))));
    const oldestAlive = issued.find(({ expiresAt }) => expiresAt > nowSeconds() + stepSeconds);
    const checked = [...issued.slice(-2), ...(oldestAlive === undefined ? [] : [oldestAlive])];
    await Promise.all(verifiers.flatMap((verify) => checked.map(verify)));
  }
  return issued;
};

describe('[AT07][MD14] rotation of the signing key, with two hosts and verifiers that cache', () => {
  it('a verifier that holds the keys for their max-age never meets an unknown kid, and the old one fades out', async () => {
    const [first = ''] = stack.vault.versions(signingKeyName).map(({ id }) => id);
    const before = await traffic(400);
    const second = await stack.vault.rotate(signingKeyName);
    const rotatedAt = nowSeconds();
    const after = await traffic(rotationSeconds);

    expect(new Set(before.map(({ kid }) => kid))).toEqual(new Set([first]));
    expect(new Set(after.map(({ kid }) => kid))).toEqual(new Set([first, second]));
    const firstUse = after.find(({ kid }) => kid === second);
    const { maxAgeSeconds } = await fetchKeys(stack.issuer);
    expect(maxAgeSeconds).toBeGreaterThan(0);
    expect((firstUse?.expiresAt ?? 0) - accessTokenSeconds - rotatedAt).toBeGreaterThan(maxAgeSeconds);
    for (const host of stack.hosts) expect(await kidsAt(host)).toEqual([second]);
  });

  it('the next version is published long before it signs, and the last one until its last token has expired', async () => {
    const [current] = [(await issue(stack.issuer)).kid];
    const next = await stack.vault.rotate(signingKeyName);
    await stack.clock.move(listCacheSeconds);
    for (const host of stack.hosts) expect(await kidsAt(host)).toEqual([next, current]);
    expect((await issue(stack.issuer)).kid).toBe(current);

    let last = await issue(stack.issuer);
    for (let one = last; one.kid === current; one = await issue(stack.issuer)) {
      last = one;
      await stack.clock.move(stepSeconds);
    }
    await stack.clock.move(last.expiresAt - nowSeconds() - 2);
    for (const host of stack.hosts) expect(await kidsAt(host)).toEqual([next, current]);
    await stack.clock.move(listCacheSeconds + accessTokenSeconds);
    for (const host of stack.hosts) expect(await kidsAt(host)).toEqual([next]);
  });

  it('a disabled version signs no more at once, and leaves the keys within a minute and their max-age', async () => {
    const compromised = (await issue(stack.issuer)).kid;
    stack.vault.setEnabled(signingKeyName, compromised, false);
    const kids = await Promise.all(stack.hosts.map(async (host) => (await issue(host)).kid));
    expect(new Set(kids).size).toBe(1);
    expect(kids).not.toContain(compromised);
    await stack.clock.move(listCacheSeconds);
    for (const host of stack.hosts) {
      expect(await kidsAt(host)).not.toContain(compromised);
      expect(await kidsAt(host)).toContain(kids[0]);
      expect((await fetchKeys(host)).maxAgeSeconds).toBeLessThanOrEqual(300);
    }
  });
});
