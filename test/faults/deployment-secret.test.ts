/** The secret that a deployment's keys derive from: made once, had by every instance, and no 500 while the vault is away. */
import { afterEach, describe, expect, it } from 'vitest';
import { wrappingKeyName } from '../../local/settings.ts';
import type { Fault } from '../../local/vault/faults.ts';
import { signedInAt } from '../support/people.ts';
import { storedRows } from '../support/rows.ts';
import { createService, demoServices, okJson, type TokenSet } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack | undefined;

afterEach(() => stack?.stop());

const faults: readonly { readonly what: string; readonly fault: Fault }[] = [
  { what: 'does not answer', fault: { kind: 'hang' } },
  { what: 'fails', fault: { kind: 'status', status: 500 } },
  { what: 'throttles', fault: { kind: 'throttle', retryAfterSeconds: 1 } },
  { what: 'has taken the right away', fault: { kind: 'status', status: 403 } },
];

describe('the secret of a deployment', () => {
  it('is one, however many instances make it at the same time', async () => {
    stack = await startStack({ hosts: 2 });
    const { issuer } = stack;
    expect(await storedRows(stack, 'deployment', 'deployment')).toHaveLength(1);
    const alice = await signedInAt(stack);
    const { web } = demoServices(issuer);
    const elsewhere = createService(issuer, web.registration, stack.hosts[1]);
    const tokens = await web.tokens(alice);
    const next = await okJson<TokenSet>(elsewhere.refresh(tokens.refresh_token));
    await stack.restartHost(0);
    expect(await okJson(web.refresh(next.refresh_token))).toHaveProperty('access_token');
  });

  it('survives the rotation of the key that wraps it: what was wrapped by a version is opened by that version', async () => {
    stack = await startStack();
    const { web } = demoServices(stack.issuer);
    const { refresh_token: token } = await web.tokens(await signedInAt(stack));
    await stack.vault.rotate(wrappingKeyName);
    await stack.restartHost();
    expect(await okJson(web.refresh(token))).toHaveProperty('access_token');
  });

  it.each(faults)('cannot be had while the vault $what: 503, and all is well afterwards', async ({ fault }) => {
    stack = await startStack();
    const running = stack;
    const { web } = demoServices(running.issuer);
    const { refresh_token: token } = await web.tokens(await signedInAt(running));
    running.vault.faults.rule = ({ operation }) => (operation === 'unwrap' ? fault : undefined);
    await running.restartHost(0, undefined, 'listening');
    const refused = await web.refresh(token);
    expect([refused.status, await refused.json()]).toEqual([
      503,
      expect.objectContaining({ error: 'temporarily_unavailable' }),
    ]);
    const page = await fetch(`${running.issuer}/sign-in`, { redirect: 'manual' });
    expect(page.status).toBe(503);
    running.vault.faults.rule = undefined;
    expect(await okJson(web.refresh(token))).toHaveProperty('access_token');
  });
});
