import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/oauth/errors.ts';
import { listCacheSeconds, listStaleSeconds } from '../../src/signing/key-ring.ts';
import { claimsAt, createClock, signerFor, startTestVault, verifyWith } from './fixture.ts';

const day = 86_400;

const refused = async (call: Promise<unknown>): Promise<Unavailable> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Unavailable);
  return error as Unavailable;
};

describe('signing', () => {
  const kinds = [
    { algorithm: 'RS256', kty: 'RSA', members: ['alg', 'e', 'kid', 'kty', 'n', 'use'] },
    { algorithm: 'PS256', kty: 'RSA', members: ['alg', 'e', 'kid', 'kty', 'n', 'use'] },
    { algorithm: 'ES256', kty: 'EC', members: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'] },
  ] as const;
  test.each(kinds)(
    '$algorithm: jose verifies it; the JWKS has public members only',
    async ({ algorithm, kty, members }) => {
      const clock = createClock();
      const vault = await startTestVault(clock);
      const version = await vault.createKey('signing', { kty });
      const { signer } = signerFor([vault], clock, { algorithm });
      for (let count = 0; count < 5; count += 1) {
        const jws = await signer.sign('at+jwt', claimsAt(clock.now));
        const header = await verifyWith(await signer.publicKeys(), jws, clock.now);
        expect(header).toEqual({ alg: algorithm, kid: version, typ: 'at+jwt' });
      }
      const [jwk] = await signer.publicKeys();
      expect(Object.keys(jwk ?? {}).sort()).toEqual(members);
      expect(jwk).toMatchObject({ kid: version, use: 'sig', alg: algorithm, kty });
    },
  );

  test('one RSA key signs with both of its algorithms, each under a kid and an entry of its own (RFC 7517 §4.4)', async () => {
    const clock = createClock();
    const vault = await startTestVault(clock);
    const version = await vault.createKey('signing', { kty: 'RSA' });
    const { signer } = signerFor([vault], clock, { algorithms: ['RS256', 'PS256'] });
    const usual = await signer.sign('JWT', claimsAt(clock.now));
    const other = await signer.sign('JWT', claimsAt(clock.now), 'PS256');
    const keys = await signer.publicKeys();
    expect(keys.map(({ kid, alg }) => [kid, alg])).toEqual([
      [version, 'RS256'],
      [`${version}-PS256`, 'PS256'],
    ]);
    expect(await verifyWith(keys, usual, clock.now)).toMatchObject({ alg: 'RS256', kid: version });
    expect(await verifyWith(keys, other, clock.now)).toMatchObject({ alg: 'PS256', kid: `${version}-PS256` });
  });

  test('a day-old vault and a brand-new one both sign', async () => {
    for (const age of [0, day]) {
      const clock = createClock();
      const vault = await startTestVault(clock);
      await vault.createKey('signing', { kty: 'RSA', createdAt: clock.now - age });
      const { signer } = signerFor([vault], clock);
      await signer.ready();
      await verifyWith(await signer.publicKeys(), await signer.sign('JWT', claimsAt(clock.now)), clock.now);
    }
  });

  test('one signature costs one call to the vault once keys are cached', async () => {
    const clock = createClock();
    const vault = await startTestVault(clock);
    await vault.createKey('signing', { kty: 'RSA' });
    const { signer } = signerFor([vault], clock);
    await signer.sign('JWT', claimsAt(clock.now));
    const before = { ...vault.faults.counts };
    await Promise.all(Array.from({ length: 20 }, () => signer.sign('JWT', claimsAt(clock.now))));
    await signer.publicKeys();
    expect(vault.faults.counts).toEqual({ ...before, sign: before.sign + 20 });
  });

  test('age is measured by the clock of the vault, not ours', async () => {
    const clock = createClock();
    const vaultClock = createClock(clock.now - day);
    const vault = await startTestVault(vaultClock);
    const old = await vault.createKey('signing', { kty: 'RSA', createdAt: vaultClock.now - day });
    await vault.rotate('signing', { createdAt: vaultClock.now - 10 });
    const { signer } = signerFor([vault], clock);
    const jws = await signer.sign('JWT', claimsAt(clock.now));
    expect(decodeProtectedHeader(jws).kid).toBe(old);
  });

  test('an address that is not one of a key is refused at start', () => {
    const clock = createClock();
    for (const address of ['https://vault.test/', 'https://vault.test/keys/a/0123', 'https://vault.test/secrets/a']) {
      expect(() => signerFor([], clock, { keys: [address] })).toThrow('is not the address of a key');
    }
  });

  test('a key of another type than the algorithm needs signs nothing and is not published', async () => {
    const clock = createClock();
    const vault = await startTestVault(clock);
    await vault.createKey('signing', { kty: 'EC' });
    const { signer, lines } = signerFor([vault], clock);
    await refused(signer.sign('JWT', {}));
    await refused(signer.publicKeys());
    expect(lines).toContainEqual(expect.objectContaining({ event: 'signing_unusable_version' }));
  });
});

describe('a vault that fails', () => {
  // Its keys are made fastest; the algorithm makes no difference here.
  const algorithm = 'ES256';
  const start = async (count = 1) => {
    const clock = createClock();
    const vaults = await Promise.all(Array.from({ length: count }, () => startTestVault(clock)));
    for (const vault of vaults) await vault.createKey('signing', { kty: 'EC', createdAt: clock.now - day });
    const [vault = await startTestVault(clock)] = vaults;
    return { clock, vault, vaults, ...signerFor(vaults, clock, { algorithm }) };
  };

  test.each([{ asked: 7, answered: 7 }, { answered: 1 }])(
    '429 (Retry-After $asked) is Unavailable with Retry-After $answered, after one call',
    async ({ asked, answered }) => {
      const { vault, signer } = await start();
      await signer.sign('JWT', {});
      const before = vault.faults.counts.sign;
      vault.faults.rule = ({ operation }) =>
        operation === 'sign'
          ? { kind: 'throttle', ...(asked === undefined ? {} : { retryAfterSeconds: asked }) }
          : undefined;
      expect((await refused(signer.sign('JWT', {}))).retryAfterSeconds).toBe(answered);
      expect(vault.faults.counts.sign).toBe(before + 1);
    },
  );

  test('a vault that throttles is known for ten seconds, and told to the log once a second', async () => {
    const { vault, signer, lines, clock } = await start();
    await signer.sign('JWT', {});
    expect(signer.isThrottled()).toBe(false);
    vault.faults.rule = ({ operation }) => (operation === 'sign' ? { kind: 'throttle' } : undefined);
    for (let request = 0; request < 20; request++) await refused(signer.sign('JWT', {}));
    clock.now += 1;
    await refused(signer.sign('JWT', {}));
    expect(lines.filter(({ event }) => event === 'signing_throttled')).toHaveLength(2);
    clock.now += 9;
    expect(signer.isThrottled()).toBe(true);
    clock.now += 1;
    expect(signer.isThrottled()).toBe(false);
  });

  test('a single 500 is tried again', async () => {
    const { vault, signer } = await start();
    let failures = 1;
    vault.faults.rule = ({ operation }) =>
      operation === 'sign' && failures-- > 0 ? { kind: 'status', status: 500 } : undefined;
    await signer.sign('JWT', {});
  });

  test('a vault or a credential that hangs is Unavailable within five seconds, cold and warm', async () => {
    const { vault, vaults, signer, clock } = await start();
    await signer.sign('JWT', {});
    vault.faults.rule = () => ({ kind: 'hang' });
    const cold = signerFor(vaults, clock, { algorithm }).signer;
    const mute = signerFor(vaults, clock, { algorithm, credential: { getToken: () => new Promise(() => {}) } }).signer;
    const startedAt = performance.now();
    await Promise.all(
      [signer.sign('JWT', {}), cold.sign('JWT', {}), cold.publicKeys(), mute.sign('JWT', {}), mute.ready()].map(
        refused,
      ),
    );
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  test('a list that is throttled is left alone for as long as the vault asks', async () => {
    const { vault, vaults, clock } = await start();
    const { signer } = signerFor(vaults, clock, { algorithm });
    vault.faults.rule = () => ({ kind: 'throttle', retryAfterSeconds: 20 });
    expect((await refused(signer.sign('JWT', {}))).retryAfterSeconds).toBe(20);
    vault.faults.rule = undefined;
    clock.now += 19;
    expect((await refused(signer.publicKeys())).retryAfterSeconds).toBe(1);
    expect(vault.faults.counts.list).toBe(1);
    clock.now += 1;
    await signer.sign('JWT', {});
  });

  test('a cold instance reads the list once, however many requests wait for it', async () => {
    const { vault, signer } = await start();
    await Promise.all(Array.from({ length: 20 }, () => signer.sign('JWT', {})));
    expect(vault.faults.counts).toMatchObject({ list: 1, sign: 20 });
  });

  test('a wrong signature is never answered: one is tried again, two are Unavailable and logged', async () => {
    const { vault, signer, lines, clock } = await start();
    let wrong = 1;
    vault.faults.rule = ({ operation }) =>
      operation === 'sign' && wrong-- > 0 ? { kind: 'wrong-signature' } : undefined;
    await verifyWith(await signer.publicKeys(), await signer.sign('JWT', claimsAt(clock.now)), clock.now);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'signing_wrong_signature' }));
    wrong = 2;
    await refused(signer.sign('JWT', {}));
    expect(lines.filter(({ event }) => event === 'signing_wrong_signature')).toHaveLength(3);
  });

  test('a version disabled since the list was read: the list is read again and another signs', async () => {
    const { vault, signer, clock } = await start();
    const second = await vault.rotate('signing', { createdAt: clock.now - 5 });
    const first = decodeProtectedHeader(await signer.sign('JWT', {})).kid ?? '';
    expect(first).not.toBe(second);
    vault.setEnabled('signing', first, false);
    expect(decodeProtectedHeader(await signer.sign('JWT', {})).kid).toBe(second);
    expect((await signer.publicKeys()).map(({ kid }) => kid)).toEqual([second]);
  });

  test('the only version disabled: Unavailable, and it works again when enabled', async () => {
    const { vault, signer, clock } = await start();
    const kid = decodeProtectedHeader(await signer.sign('JWT', {})).kid ?? '';
    vault.setEnabled('signing', kid, false);
    await refused(signer.sign('JWT', {}));
    await refused(signer.ready());
    vault.setEnabled('signing', kid, true);
    clock.now += listCacheSeconds;
    await signer.sign('JWT', {});
  });

  test('an old list serves while the vault fails, without waiting, for a bounded time', async () => {
    const { vault, signer, clock } = await start();
    const keys = await signer.publicKeys();
    vault.faults.rule = ({ operation }) => (operation === 'list' ? { kind: 'status', status: 500 } : undefined);
    for (let age = 0; age < listStaleSeconds - 100; age += 100) {
      clock.now += 100;
      expect(await signer.publicKeys()).toEqual(keys);
      await signer.sign('JWT', {});
    }
    clock.now += 100;
    await refused(signer.publicKeys());
    await refused(signer.ready());
    vault.faults.rule = undefined;
    clock.now += 60;
    expect(await signer.publicKeys()).toEqual(keys);
  });

  test('a list that fails is not asked for by every request', async () => {
    const { vault, signer, clock } = await start();
    await signer.publicKeys();
    vault.faults.rule = ({ operation }) => (operation === 'list' ? { kind: 'status', status: 500 } : undefined);
    clock.now += listCacheSeconds;
    const before = vault.faults.counts.list;
    for (let count = 0; count < 50; count += 1) await signer.publicKeys();
    expect(vault.faults.counts.list).toBe(before + 1);
  });

  test('with two vaults the other signs, and the JWKS is the union', async () => {
    const { clock, vaults, vault, signer } = await start(2);
    const kids = vaults.flatMap((each) => each.versions('signing').map(({ id }) => id));
    expect((await signer.publicKeys()).map(({ kid }) => kid).sort()).toEqual(kids.sort());
    const used = new Set<unknown>();
    for (let count = 0; count < 30; count += 1) used.add(decodeProtectedHeader(await signer.sign('JWT', {})).kid);
    expect(used.size).toBe(2);
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'throttle', retryAfterSeconds: 3 },
    ] as const) {
      vault.faults.rule = () => fault;
      for (let count = 0; count < 10; count += 1) await signer.sign('JWT', claimsAt(clock.now));
    }
  });

  test('of six vaults five are throttled: the one with room signs, and nobody gets a smaller share', async () => {
    const { clock, vaults, signer } = await start(6);
    const [roomy, ...busy] = vaults;
    for (const each of busy)
      each.faults.rule = ({ operation }) => (operation === 'sign' ? { kind: 'throttle' } : undefined);
    const [only] = roomy?.versions('signing') ?? [];
    for (let count = 0; count < 10; count += 1)
      expect(decodeProtectedHeader(await signer.sign('JWT', claimsAt(clock.now))).kid).toBe(only?.id);
    for (const each of busy) expect(each.faults.counts.sign).toBeLessThanOrEqual(1);
    expect(signer.isThrottled()).toBe(false);
  });

  test('a vault that cannot be read at start makes the JWKS Unavailable first, and is left out when it stays away', async () => {
    const { clock, vault, vaults } = await start(2);
    vault.faults.rule = () => ({ kind: 'status', status: 500 });
    const { signer, lines } = signerFor(vaults, clock, { algorithm });
    await signer.sign('JWT', {});
    await refused(signer.publicKeys());
    clock.now += 60;
    expect(await signer.publicKeys()).toHaveLength(1);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'signing_keys_left_out' }));
  });

  test('a new vault beside a settled one does not sign before verifiers know it', async () => {
    const { clock, vault } = await start();
    const added = await startTestVault(clock);
    const fresh = await added.createKey('signing', { kty: 'EC' });
    const { signer } = signerFor([vault, added], clock, { algorithm });
    for (let count = 0; count < 10; count += 1) {
      expect(decodeProtectedHeader(await signer.sign('JWT', {})).kid).not.toBe(fresh);
    }
  });
});
