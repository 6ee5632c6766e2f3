import { ManagedIdentityCredential } from '@azure/identity';
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataIdentity, signInIdentity, tokenExchangeAudience } from '../../local/identity/identities.ts';
import { type IdentityEndpoint, startIdentity } from '../../local/identity/identity.ts';
import { type LocalProvider, startProvider } from '../../local/provider/provider.ts';
import { formsIn } from '../support/forms.ts';
import { createPerson, type Person } from '../support/person.ts';

const relyingParty = 'http://localhost:7071';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let identity: IdentityEndpoint;
let provider: LocalProvider;
let person: Person;

const assertionOf = async (clientId: string): Promise<string> =>
  (await new ManagedIdentityCredential({ clientId }).getToken(`${tokenExchangeAudience}/.default`)).token;

/** The client as in Azure: authenticated by the token of a managed identity. */
const discover = (assertion: string): Promise<openid.Configuration> =>
  openid.discovery(
    new URL(provider.issuer),
    'assent',
    undefined,
    (_server, client, body) => {
      body.set('client_id', client.client_id);
      body.set('client_assertion_type', assertionType);
      body.set('client_assertion', assertion);
    },
    { execute: [openid.allowInsecureRequests] },
  );

type SignIn = { readonly demands?: Record<string, string>; readonly assertion?: string };

const signIn = async ({ demands = {}, assertion }: SignIn = {}) => {
  const configuration = await discover(assertion ?? (await assertionOf(signInIdentity.clientId)));
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expected = { expectedState: openid.randomState(), expectedNonce: openid.randomNonce() };
  const address = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: `${relyingParty}/sign-in/callback`,
    scope: 'openid profile',
    state: expected.expectedState,
    nonce: expected.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...demands,
  });
  const location = await person.authorize(address);
  return (await openid.authorizationCodeGrant(configuration, location, { pkceCodeVerifier, ...expected })).claims();
};

beforeAll(async () => {
  identity = await startIdentity({ port: 0 });
  process.env.IDENTITY_ENDPOINT = identity.endpoint;
  process.env.IDENTITY_HEADER = identity.header;
  provider = await startProvider({
    port: 0,
    clientId: 'assent',
    relyingParty,
    isAccepted: async (assertion) =>
      (await identity.verify(assertion, tokenExchangeAudience))?.sub === signInIdentity.principalId,
  });
});

beforeEach(() => {
  provider.answersFromOldSession = false;
  person = createPerson({ login: 'alice', issuer: provider.issuer, providerIssuer: provider.issuer });
});

afterAll(async () => {
  await provider.stop();
  await identity.stop();
});

describe('sign-in through openid-client', () => {
  it('tells in the ID token who signed in and when', async () => {
    const claims = await signIn();
    expect(claims).toMatchObject({ name: 'Alice Adams', preferred_username: 'alice@contoso.example' });
    expect(claims?.oid).toMatch(/^[\da-f-]{36}$/);
    expect(claims?.sub).not.toBe(claims?.oid);
    expect(claims?.auth_time).toBeGreaterThan(Date.now() / 1000 - 30);
    expect(claims?.roles).toBeUndefined();
  });

  it('gives olga the role of operators', async () => {
    person.login = 'olga@contoso.example';
    expect((await signIn())?.roles).toEqual(['Assent.Operator']);
  });

  it('answers from the session while nobody asks for more', async () => {
    await signIn();
    person.login = 'bob';
    expect((await signIn())?.name).toBe('Alice Adams');
  });

  it.each([[{ prompt: 'login' }], [{ prompt: 'select_account' }], [{ max_age: '0' }]])(
    'shows the form for %o, where another person may sign in',
    async (demands) => {
      await signIn();
      person.login = 'bob';
      expect((await signIn({ demands }))?.name).toBe('Bob Baker');
      expect((await signIn())?.name).toBe('Bob Baker');
    },
  );

  it('refuses names that it does not know, and fills in login_hint', async () => {
    const configuration = await discover('unused');
    const address = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: `${relyingParty}/sign-in/callback`,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
      login_hint: 'mallory"<b>',
    });
    person.login = 'mallory';
    const arrival = await person.visit(address);
    if (arrival.kind !== 'page') throw new Error('left the provider');
    expect(arrival.status).toBe(401);
    const form = await person.send(arrival.url);
    expect(formsIn(await form.text())[0]?.fields[0]).toMatchObject({ name: 'login', value: 'mallory"<b>' });
  });

  it('can lie: with answersFromOldSession nothing that is demanded counts', async () => {
    const first = await signIn();
    provider.answersFromOldSession = true;
    person.login = 'bob';
    const second = await signIn({ demands: { prompt: 'login', max_age: '1' } });
    expect(second?.name).toBe('Alice Adams');
    expect(second?.auth_time).toBe(first?.auth_time);
  });
});

describe('the client authenticates by a federated credential', () => {
  it.each([
    ['another identity', () => assertionOf(dataIdentity.clientId)],
    ['a token for another audience', () => identity.issue(signInIdentity, 'https://vault.azure.net')],
    ['no token', async () => 'a.b.c'],
  ])('refuses %s', async (_what, assertion) => {
    await expect(signIn({ assertion: await assertion() })).rejects.toMatchObject({
      error: 'invalid_client',
      status: 401,
    });
  });
});
