/** What a deployment says that it is made of, to those who answer for it. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Admin, adminWith, ownTokenOf, refusedWith } from '../../support/admin.ts';
import { demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let call: Admin;

beforeAll(async () => {
  stack = await startStack();
  call = adminWith(stack.issuer, await ownTokenOf(demoServices(stack.issuer).operator));
});

afterAll(() => stack.stop());

/** Undefined in a copy of the sources that has no history. */
const commitHere = (): string | undefined => {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim();
  } catch {
    return undefined;
  }
};

describe('a deployment', () => {
  it('says its version and commit, its clock, its settings, and who asks', async () => {
    const { body } = await call('GET', 'deployment');
    const commit = commitHere();
    expect(body).toMatchObject({
      version: '0.1.0',
      ...(commit === undefined ? {} : { commit }),
      time: expect.any(Number),
      caller: { role: 'operator', by: 'client', id: 'local-operator', name: 'Local operator' },
      settings: { ISSUER: stack.issuer, SIGN_IN_SUBJECT_CLAIM: 'oid' },
      vault_throttles: false,
    });
    expect(Object.keys(body.settings as object)).not.toContain('IDENTITY_HEADER');
    const bearer = await stack.provider.personToken('audrey');
    expect((await call('GET', 'deployment', { bearer })).body.caller).toMatchObject({ role: 'auditor', by: 'person' });
  });

  it('says how old its keys are, which one signs, and which comes next', async () => {
    const jwks = (await (await fetch(`${stack.issuer}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] };
    const { body } = await call('GET', 'deployment');
    const [first, ...rest] = body.signing_keys as { kid: string; created_at: number; signs: boolean }[];
    expect(first).toMatchObject({
      kid: jwks.keys[0]?.kid,
      signs: true,
      key: expect.stringContaining('assent-signing'),
    });
    expect(rest).toEqual([]);
    expect(Math.abs((first?.created_at ?? 0) - Date.now() / 1000)).toBeLessThan(600);
  });

  it('goes without its keys while no vault answers, and says the rest', async () => {
    const bearer = await ownTokenOf(demoServices(stack.issuer).operator);
    stack.vault.faults.rule = () => ({ kind: 'status', status: 503 });
    await stack.clock.move(1_000);
    const fresh = await stack.provider.personToken('olga');
    const { status, body } = await call('GET', 'deployment', { bearer: fresh });
    stack.vault.faults.rule = undefined;
    await stack.clock.reset();
    expect(status).toBe(200);
    expect(body).toMatchObject({ version: '0.1.0' });
    expect(body.signing_keys).toBeUndefined();
    expect((await call('GET', 'deployment', { bearer })).status).toBe(200);
  });

  it('tells nobody else', async () => {
    const bearer = await stack.provider.personToken('alice');
    expect(refusedWith(await call('GET', 'deployment', { bearer }))).toEqual([403, 'insufficient_scope']);
  });
});
