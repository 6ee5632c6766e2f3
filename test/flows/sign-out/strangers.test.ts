/** openid-client, which knows nothing of this server, is answered by form and signed, and signs people out. */
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsIn } from '../../support/forms.ts';
import { personAt, sessionOf } from '../../support/people.ts';
import { approvalForm, type Person } from '../../support/person.ts';
import { register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const home = 'https://reports.fabrikam.example/';

let stack: Stack;
let service: Service;

beforeAll(async () => {
  stack = await startStack();
  service = await register(stack.issuer, {
    authorization_signed_response_alg: 'PS256',
    id_token_signed_response_alg: 'PS256',
    post_logout_redirect_uris: [home],
  });
});

afterAll(() => stack.stop());

const discovered = () => {
  const { clientId, secret } = service.registration;
  const metadata = { authorization_signed_response_alg: 'PS256', id_token_signed_response_alg: 'PS256' };
  return openid.discovery(new URL(stack.issuer), clientId, { ...metadata, client_secret: secret ?? '' }, undefined, {
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
  });
};

/** Signs somebody in by what `answer` makes of the request. */
const signedIn = async (
  configuration: openid.Configuration,
  {
    more = {},
    answer,
  }: { readonly more?: Record<string, string>; readonly answer: (url: URL) => Promise<URL | Request> },
) => {
  const [pkceCodeVerifier, expectedNonce, expectedState] = [
    openid.randomPKCECodeVerifier(),
    openid.randomNonce(),
    openid.randomState(),
  ];
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: service.registration.redirectUri ?? '',
    scope: 'openid profile',
    nonce: expectedNonce,
    state: expectedState,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  });
  const checks = { pkceCodeVerifier, expectedNonce, expectedState, idTokenExpected: true };
  return openid.authorizationCodeGrant(configuration, await answer(url), checks);
};

/** The request that the page of the answer sends to the service. */
const posted = async (person: Person, url: URL): Promise<Request> => {
  const first = await person.visit(url);
  const page =
    first.kind === 'page' && approvalForm(first) ? await person.decide(first, { decision: 'approve' }) : first;
  const form = page.kind === 'page' ? formsIn(page.html).find(({ method }) => method === 'POST') : undefined;
  if (form === undefined) throw new Error('no form');
  const body = new URLSearchParams(form.fields.map(({ name, value }): [string, string] => [name, value]));
  return new Request(form.action, { method: 'POST', body });
};

describe('openid-client', () => {
  it('[RM03] takes a signed answer', async () => {
    const configuration = await discovered();
    openid.useJwtResponseMode(configuration);
    const person = personAt(stack);
    const tokens = await signedIn(configuration, { answer: (url) => person.authorize(url) });
    expect(tokens.claims()?.iss).toBe(stack.issuer);
  });

  it('[RM01] takes an answer in a form', async () => {
    const person = personAt(stack);
    const more = { response_mode: 'form_post' };
    const tokens = await signedIn(await discovered(), { more, answer: (url) => posted(person, url) });
    expect(tokens.claims()?.iss).toBe(stack.issuer);
  });

  it('[LO01] signs the person out, whom it cannot sign in without a question afterwards', async () => {
    const configuration = await discovered();
    const person = personAt(stack);
    const tokens = await signedIn(configuration, { answer: (url) => person.authorize(url) });
    const url = openid.buildEndSessionUrl(configuration, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: home,
      state: 'bye',
    });
    const end = await person.visit(url);
    expect(end.kind === 'departure' && end.location.href).toBe(`${home}?state=bye`);
    expect(sessionOf(person)).toBeUndefined();
    const silently = signedIn(configuration, { more: { prompt: 'none' }, answer: (again) => person.authorize(again) });
    await expect(silently).rejects.toMatchObject({ error: 'login_required' });
  });
});
