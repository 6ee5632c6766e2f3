/** A vault with one clock for it and the signer, and a verifier as a resource server has it. */
import { createLocalJWKSet, type JWK, type JWTHeaderParameters, jwtVerify } from 'jose';
import { onTestFinished } from 'vitest';
import { startVault, type Vault } from '../../local/vault/vault.ts';
import { createSigner, type Signer, type SignerOptions } from '../../src/signing/signer.ts';
import { createHttpClient } from '../../src/transport/http-client.ts';

export const accessTokenSeconds = 600;

/** Somewhere in 2026; tests move it. */
export const createClock = (start = 1_780_000_000): { now: number; read: () => number } => {
  const clock = { now: start, read: (): number => clock.now };
  return clock;
};

type TestClock = ReturnType<typeof createClock>;

const token = 'a-token-for-the-vault';

const credential: SignerOptions['credential'] = {
  getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
};

export const startTestVault = async (clock: TestClock): Promise<Vault> => {
  const vault = await startVault({ port: 0, clock: clock.read, verifyToken: async (candidate) => candidate === token });
  onTestFinished(() => vault.stop());
  return vault;
};

type LogLine = Record<string, unknown>;

export const signerFor = (
  vaults: readonly Vault[],
  clock: TestClock,
  options: Partial<SignerOptions> = {},
): { signer: Signer; lines: LogLine[] } => {
  const lines: LogLine[] = [];
  const signer = createSigner({
    keys: vaults.map((vault) => `${vault.url}/keys/signing`),
    algorithm: 'RS256',
    credential,
    insecureLoopback: true,
    httpClient: createHttpClient(),
    accessTokenSeconds,
    clock: clock.read,
    log: (line) => lines.push(line),
    ...options,
  });
  return { signer, lines };
};

/** Verifies with jose against the given keys and returns the header; throws for an unknown kid. */
export const verifyWith = async (keys: readonly JWK[], jws: string, now: number): Promise<JWTHeaderParameters> => {
  const { protectedHeader } = await jwtVerify(jws, createLocalJWKSet({ keys: [...keys] }), {
    currentDate: new Date(now * 1000),
  });
  return protectedHeader;
};

export const claimsAt = (now: number): Record<string, unknown> => ({ sub: 'alice', exp: now + accessTokenSeconds });
