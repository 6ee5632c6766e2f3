/** What a request presents and whether that proves the client (RFC 6749 §2.3, OAuth 2.1 §2.4), method by method. */
import { describe, expect, it } from 'vitest';
import { authenticate } from '../../../src/flows/clients/authenticate.ts';
import { clientAuthenticationMethods } from '../../../src/flows/clients/methods.ts';
import {
  type AuthenticationMethod,
  authenticationMethods,
  type Client,
  hashSecret,
} from '../../../src/oauth/clients/client.ts';
import { parseParameters } from '../../../src/oauth/parameters.ts';
import { clientWith, now } from '../../oauth/samples.ts';
import { basicAuth } from '../../support/service.ts';
import { asked, outcomeOf, recorder } from './recorder.ts';

/** By every method that finds something of its own in the request. */
const presented = (body: string, authorization?: string) =>
  clientAuthenticationMethods.flatMap((row) => {
    const found = row.present(parseParameters(body), authorization);
    return found === undefined ? [] : [{ ...found, method: row.method }];
  });

const authenticated = (client: Client, body: string, authorization?: string): Promise<string> => {
  const { server } = recorder({ cached: [client], stored: [client], now });
  return outcomeOf(authenticate(asked(body, authorization), clientAuthenticationMethods, server));
};

it('every method that a client can be registered with has its row', () => {
  expect([...new Set(clientAuthenticationMethods.map(({ method }) => method))]).toEqual(authenticationMethods);
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('what a request presents', () => {
  it.each([
    ['Basic', '', basicAuth('c', 's'), 'client_secret_basic', 's'],
    ['Basic in lower case, which RFC 9110 §11.1 allows', '', `basic ${base64('c:s')}`, 'client_secret_basic', 's'],
    ['Basic and the same client_id', 'client_id=c', basicAuth('c', 's'), 'client_secret_basic', 's'],
    [
      'Basic with its parts form-encoded (RFC 6749 §2.3.1)',
      '',
      basicAuth('c', 'a+b %:é'),
      'client_secret_basic',
      'a+b %:é',
    ],
    ['Basic whose secret holds colons', '', `Basic ${base64('c:s:t')}`, 'client_secret_basic', 's:t'],
    ['Basic without a secret', '', basicAuth('c', ''), 'none', undefined],
    ['Basic and an empty client_secret', 'client_secret=', basicAuth('c', 's'), 'client_secret_basic', 's'],
    ['client_id and client_secret', 'client_id=c&client_secret=s', undefined, 'client_secret_post', 's'],
    ['client_id alone', 'client_id=c', undefined, 'none', undefined],
    ['client_id and an empty client_secret', 'client_id=c&client_secret=', undefined, 'none', undefined],
  ] as const)('%s is one method of authentication', (_what, body, header, method, secret) => {
    expect(presented(body, header)).toEqual([{ clientId: 'c', method, secret }]);
  });

  it.each([
    ['nothing', '', undefined, 'invalid_client'],
    ['a secret of nobody', 'client_secret=s', undefined, 'invalid_client'],
    ['two methods (RFC 6749 §2.3)', 'client_secret=s', basicAuth('c', 's'), 'invalid_request'],
    ['two clients', 'client_id=d', basicAuth('c', 's'), 'invalid_request'],
    ['an assertion (RFC 7521 §4.2)', 'client_assertion=x.y.z', undefined, 'invalid_client'],
    ['a type of assertion alone', 'client_id=c&client_assertion_type=x', undefined, 'invalid_client'],
    ['an assertion beside Basic', 'client_assertion=x.y.z', basicAuth('c', 's'), 'invalid_client'],
    ['another scheme', 'client_id=c', 'Bearer x', 'invalid_client'],
    ['a scheme alone', '', 'Basic', 'invalid_client'],
    ['an empty header', 'client_id=c', '', 'invalid_client'],
    ['two credentials in the header', '', `${basicAuth('c', 's')}, ${basicAuth('c', 's')}`, 'invalid_client'],
    ['what is not base64', '', 'Basic c:s', 'invalid_client'],
    ['no colon', '', `Basic ${base64('cs')}`, 'invalid_client'],
    ['no client_id', '', `Basic ${base64(':s')}`, 'invalid_client'],
    ['a broken escape', '', `Basic ${base64('c:%zz')}`, 'invalid_client'],
    ['a secret beside Basic without one', 'client_id=c&client_secret=s', basicAuth('c', ''), 'invalid_request'],
    ['nothing readable, in the body as in the header', 'client_secret=%zz', 'Basic', 'invalid_request'],
  ] as const)('is refused when it is %s', async (_what, body, header, code) => {
    expect(await authenticated(clientWith({ clientId: 'c' }), body, header)).toBe(code);
  });
});

const secretWith = (secret: string, expiresAt: number) => ({
  id: secret,
  hash: hashSecret(secret),
  createdAt: now - 100,
  expiresAt,
});

const confidential = (method: Client['authenticationMethod'] = 'client_secret_basic'): Client =>
  clientWith({
    clientId: 'c',
    authenticationMethod: method,
    secrets: [secretWith('first', now + 10), secretWith('second', now + 1), secretWith('expired', now)],
  });

const publicClient = clientWith({ clientId: 'c', authenticationMethod: 'none' });

const outcome = (client: Client, method: AuthenticationMethod, secret = ''): Promise<string> => {
  if (method === 'client_secret_basic') return authenticated(client, '', basicAuth('c', secret));
  return authenticated(client, method === 'none' ? 'client_id=c' : `client_id=c&client_secret=${secret}`);
};

describe('a client', () => {
  it.each([
    ['its secret in the header', confidential(), 'client_secret_basic', 'first'],
    ['its other secret, which lasts a second more', confidential(), 'client_secret_basic', 'second'],
    ['its secret in the body, though registered for the header', confidential(), 'client_secret_post', 'first'],
    ['and the other way round', confidential('client_secret_post'), 'client_secret_basic', 'first'],
    ['its client_id alone, where it is public (RFC 6749 §2.1)', publicClient, 'none', undefined],
  ] as const)('is proven by %s', async (_what, client, method, secret) => {
    expect(await outcome(client, method, secret)).toBe('c');
  });

  it.each([
    ['a wrong secret', confidential(), 'client_secret_basic', 'wrong'],
    ['an empty secret', confidential(), 'client_secret_basic', ''],
    ['an expired secret', confidential(), 'client_secret_basic', 'expired'],
    ['the hash of its secret', confidential(), 'client_secret_post', hashSecret('first')],
    ['its client_id alone, where it has secrets (RFC 6749 §3.2.1)', confidential(), 'none', undefined],
    ['a method without the secret that belongs to it', confidential(), 'client_secret_basic', undefined],
    ['a secret where it has none yet', clientWith({ clientId: 'c' }), 'client_secret_basic', 'first'],
    ['any secret, where it is public', publicClient, 'client_secret_post', 'first'],
  ] as const)('is not proven by %s', async (_what, client, method, secret) => {
    expect(await outcome(client, method, secret)).toBe('invalid_client');
  });
});
