/** Client authentication: which clients are looked for, what counts as a guess, and in which order a method does its work. */
import { describe, expect, it } from 'vitest';
import { authenticate } from '../../../src/flows/clients/authenticate.ts';
import type { ClientAuthenticationMethod } from '../../../src/flows/clients/method.ts';
import { clientAuthenticationMethods } from '../../../src/flows/clients/methods.ts';
import { type Client, hashSecret } from '../../../src/oauth/clients/client.ts';
import { OAuthError } from '../../../src/oauth/errors.ts';
import { clientWith, now } from '../../oauth/samples.ts';
import { basicAuth } from '../../support/service.ts';
import { asked, outcomeOf, recorder } from './recorder.ts';

const secrets = [{ id: 'first', hash: hashSecret('good'), createdAt: now, expiresAt: now + 1_000 }];
const client = (clientId: string, more: Partial<Client> = { secrets }) =>
  clientWith({ clientId, authenticationMethod: 'client_secret_basic', ...more });

const native = client('native', { authenticationMethod: 'none' });
/** `stale` got its secret after it was cached. */
const cached = [client('basic'), native, client('stale', { secrets: [] })];
const stored = [client('basic'), native, client('stale')];

const known = (allowsFailures = true) => recorder({ cached, stored, now, allowsFailures });

describe('client authentication', () => {
  it.each([
    ['the right secret', 'client_id=basic&client_secret=good', 'basic', ['cached basic']],
    ['a public client', 'client_id=native', 'native', ['cached native']],
    ['a new secret', 'client_id=stale&client_secret=good', 'stale', ['cached stale', 'fresh stale']],
    [
      'a wrong secret',
      'client_id=basic&client_secret=x',
      'invalid_client',
      ['cached basic', 'fresh basic', 'failure of basic 192.0.2.1'],
    ],
    [
      'an unknown client',
      'client_id=nobody&client_secret=x',
      'invalid_client',
      ['cached nobody', 'failure of nobody 192.0.2.1'],
    ],
    [
      'a secret where there is none',
      'client_id=native&client_secret=x',
      'invalid_client',
      ['cached native', 'fresh native'],
    ],
    ['no secret where there is one', 'client_id=basic', 'invalid_client', ['cached basic', 'fresh basic']],
    ['a secret of nobody', 'client_secret=x', 'invalid_client', []],
  ] as const)('counts only what guesses at a secret: %s', async (_what, form, outcome, trace) => {
    const counting = known();
    expect(await outcomeOf(authenticate(asked(form), clientAuthenticationMethods, counting.server))).toBe(outcome);
    expect(counting.trace).toEqual(trace);
  });

  it('answers too_many_requests for a guess beyond the limit, and never for the right secret', async () => {
    const { server } = known(false);
    const by = (secret: string) =>
      outcomeOf(authenticate(asked('', basicAuth('basic', secret)), clientAuthenticationMethods, server));
    expect([await by('bad'), await by('good')]).toEqual(['too_many_requests', 'basic']);
  });
});

describe('the steps of a method', () => {
  /** A method that writes down its steps; `fails` names the one that refuses. */
  const stepwise = (trace: string[], fails?: string): ClientAuthenticationMethod => {
    const step = (name: string): boolean => trace.push(name) > 0 && name !== fails;
    return {
      method: 'client_secret_post',
      registeredAs: ['client_secret_basic'],
      present: () => (step('present') ? { clientId: 'basic' } : undefined),
      check: () => {
        if (!step('check')) throw new OAuthError('client_proof_wrong', 'it has expired');
      },
      prove: async () => step('prove'),
      spend: async () => step('spend'),
    };
  };

  const [proving, refused] = [['present', 'check', 'cached basic', 'prove'], 'invalid_client'];
  it.each([
    ['nothing', 'basic', [...proving, 'spend']],
    ['check', refused, ['present', 'check']],
    ['prove', refused, [...proving, 'fresh basic', 'prove', 'failure of basic 192.0.2.1']],
    ['spend', refused, [...proving, 'spend']],
  ])('check claims before keys are fetched, and use a proof up last: %s fails', async (fails, outcome, steps) => {
    const { trace, server } = known();
    expect(await outcomeOf(authenticate(asked(''), [stepwise(trace, fails)], server))).toBe(outcome);
    expect(trace).toEqual(steps);
  });
});
