/** OAuth 2.0 Form Post Response Mode and JARM: the same answers by other ways, and each way only for who can be answered so. */
import {
  allowInsecureRequests,
  discoveryRequest,
  processDiscoveryResponse,
  validateJwtAuthResponse,
} from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jwtPart, redirectOf } from '../../support/answer.ts';
import { approvalOf, approvalPageOf, sendApproval } from '../../support/approval.ts';
import { type Form, formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { basicAuth, okJson, postForm, refusalOf, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const callback = 'https://reports.fabrikam.example/callback';

let stack: Stack;
let alice: Person;
let plain: Service;
let signed: Service;

beforeAll(async () => {
  stack = await startStack();
  alice = await signedInAt(stack);
  plain = await register(stack.issuer);
  signed = await register(stack.issuer, { authorization_signed_response_alg: 'PS256' });
});

afterAll(() => stack.stop());

/** The form of the page that answers, as it goes to the service. */
const formOf = async (answer: Response): Promise<{ readonly form: Form; readonly fields: Record<string, string> }> => {
  const html = await answer.text();
  const form = formsIn(html).find(({ method }) => method === 'POST');
  if (answer.status !== 200 || form === undefined) throw new Error(`no form but ${answer.status}: ${html.slice(-800)}`);
  return { form, fields: Object.fromEntries(form.fields.map(({ name, value }) => [name, value])) };
};

const approveBy = async (service: Service, parameters: Readonly<Record<string, string>>) => {
  const { url, verifier } = service.authorization({ state: 'state-1', prompt: 'consent', ...parameters });
  return { answer: await sendApproval(alice, await approvalPageOf(alice, url)), verifier };
};

const denyBy = async (service: Service, parameters: Readonly<Record<string, string>>): Promise<Response> => {
  const page = await approvalPageOf(alice, service.authorization({ state: 'state-1', ...parameters }).url);
  const fields = approvalOf(page);
  fields.set('decision', 'deny');
  return sendApproval(alice, page, fields);
};

/** Parameters of a signed answer, as a stranger's library verifies them. */
const verified = async (service: Service, response: URLSearchParams | string): Promise<Record<string, string>> => {
  const issuer = new URL(stack.issuer);
  const options = { [allowInsecureRequests]: true, algorithm: 'oauth2' } as const;
  const server = await processDiscoveryResponse(issuer, await discoveryRequest(issuer, options));
  const client = { client_id: service.registration.clientId, authorization_signed_response_alg: 'PS256' };
  const parameters = typeof response === 'string' ? new URLSearchParams({ response }) : response;
  return Object.fromEntries(await validateJwtAuthResponse(server, client, parameters, 'state-1', options));
};

describe('response_mode form_post', () => {
  it('[RM01] answers by a form to the proven address, sent by itself, that gives a code to redeem', async () => {
    const { answer, verifier } = await approveBy(plain, { response_mode: 'form_post' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/; script-src 'sha256-[\w+/=]+';/);
    expect(policy).not.toContain('form-action');
    const { form, fields } = await formOf(answer);
    expect(form.action).toBe(callback);
    expect(fields).toEqual({ code: expect.stringMatching(/^assent_ac_/), state: 'state-1', iss: stack.issuer });
    await okJson(plain.redeem({ code: fields.code ?? '', verifier }));
  });

  it('[RM01] answers so in silence, too, and with refusals before and after the person is asked', async () => {
    const { url } = plain.authorization({ state: 'state-1', response_mode: 'form_post' });
    await alice.authorize(plain.authorization().url);
    expect((await formOf(await alice.send(url))).fields).toMatchObject({ code: expect.any(String), state: 'state-1' });
    const wrong = plain.authorization({ state: 'state-1', response_mode: 'form_post', scope: 'unknown' });
    const refused = await formOf(await fetch(wrong.url, { redirect: 'manual' }));
    expect([refused.form.action, refused.fields]).toEqual([
      callback,
      expect.objectContaining({ error: 'invalid_scope', state: 'state-1', iss: stack.issuer }),
    ]);
    const denied = await formOf(await denyBy(plain, { response_mode: 'form_post', prompt: 'consent' }));
    expect(denied.fields).toMatchObject({ error: 'access_denied', state: 'state-1', iss: stack.issuer });
  });

  it('[RM02] is no more than text in the page, whatever state holds', async () => {
    const state = '"><script>alert(1)</script>&#x41; +%2B';
    const { url } = plain.authorization({ state, response_mode: 'form_post', scope: 'unknown' });
    const response = await fetch(url);
    const html = await response.clone().text();
    expect((await formOf(response)).fields.state).toBe(state);
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  it('[RM02] is refused for an app, which is started with an address and gets no form', async () => {
    const app = await register(stack.issuer, {
      redirect_uris: ['com.example.app:/cb'],
      token_endpoint_auth_method: 'none',
    });
    const answer = await redirectOf(app.authorization({ response_mode: 'form_post' }).url, alice);
    expect([answer.protocol, answer.searchParams.get('error')]).toEqual(['com.example.app:', 'invalid_request']);
  });
});

describe('a signed answer (JARM)', () => {
  it.each(['jwt', 'query.jwt'])(
    '[RM03] %s carries the code in one parameter that a stranger verifies',
    async (mode) => {
      const { answer, verifier } = await approveBy(signed, { response_mode: mode, prompt: 'consent' });
      const location = new URL(answer.headers.get('location') ?? '');
      expect([...location.searchParams.keys()]).toEqual(['response']);
      const jwt = location.searchParams.get('response') ?? '';
      const now = Math.floor(Date.now() / 1000);
      expect(jwtPart(jwt, 'header')).toMatchObject({ alg: 'PS256', kid: expect.any(String) });
      const claims = jwtPart(jwt, 'payload') as { readonly exp: number };
      expect(claims).toMatchObject({ iss: stack.issuer, aud: signed.registration.clientId, state: 'state-1' });
      expect(claims.exp - now).toBeLessThanOrEqual(600);
      const { code } = await verified(signed, location.searchParams);
      await okJson(signed.redeem({ code: code ?? '', verifier }));
    },
  );

  it('[RM03] form_post.jwt carries it in a form', async () => {
    const { url } = signed.authorization({ state: 'state-1', response_mode: 'form_post.jwt' });
    const { fields } = await formOf(await alice.send(url));
    expect(Object.keys(fields)).toEqual(['response']);
    expect(await verified(signed, fields.response ?? '')).toMatchObject({ code: expect.stringMatching(/^assent_ac_/) });
  });

  it('[RM03] carries refusals, the person’s and ours', async () => {
    const { url } = signed.authorization({ state: 'state-1', response_mode: 'jwt', scope: 'unknown' });
    const ours = await redirectOf(url);
    expect([...ours.searchParams.keys()]).toEqual(['response']);
    const claims = jwtPart(ours.searchParams.get('response') ?? '', 'payload');
    expect(claims).toMatchObject({ error: 'invalid_scope', error_description: expect.any(String), state: 'state-1' });
    const denied = await denyBy(signed, { response_mode: 'jwt', prompt: 'consent' });
    const theirs = new URL(denied.headers.get('location') ?? '').searchParams.get('response') ?? '';
    expect(jwtPart(theirs, 'payload')).toMatchObject({ error: 'access_denied', iss: stack.issuer });
  });

  it('[RM04] is for clients that registered for it, and its algorithm is one of the deployment’s', async () => {
    const answer = await redirectOf(plain.authorization({ response_mode: 'jwt' }).url, alice);
    expect([answer.searchParams.get('error'), answer.searchParams.get('response')]).toEqual(['invalid_request', null]);
    for (const metadata of [{ authorization_signed_response_alg: 'ES256' }, { response_modes: ['fragment'] }])
      await expect(register(stack.issuer, metadata)).rejects.toThrow('invalid_client_metadata');
  });

  it('[RM04] is all that a client gets which registered for nothing else, the refusal of another mode included', async () => {
    const strict = await register(stack.issuer, { response_modes: ['jwt', 'form_post.jwt'] });
    for (const response_mode of [undefined, 'query']) {
      const answer = await redirectOf(strict.authorization({ response_mode, scope: 'unknown' }).url);
      expect([...answer.searchParams.keys()]).toEqual(['response']);
    }
    const answer = await redirectOf(strict.authorization({ response_mode: 'form_post' }).url, alice);
    const claims = jwtPart(answer.searchParams.get('response') ?? '', 'payload');
    expect(claims).toMatchObject({ error: 'invalid_request', aud: strict.registration.clientId });
    expect(jwtPart(answer.searchParams.get('response') ?? '', 'header')).toMatchObject({ alg: 'RS256' });
  });

  it('[RM05] that the vault does not sign becomes a page, and the approval counts: sent again, it gives its code', async () => {
    const client = await register(stack.issuer, { authorization_signed_response_alg: 'RS256' });
    const person = personAt(stack);
    const { url, verifier } = client.authorization({ response_mode: 'jwt' });
    const page = await approvalPageOf(person, url);
    const { faults } = stack.vault;
    faults.rule = ({ operation }) => (operation === 'sign' ? { kind: 'status', status: 500 } : undefined);
    const failed = await sendApproval(person, page);
    const refused = await fetch(client.authorization({ response_mode: 'jwt', scope: 'unknown' }).url);
    faults.rule = undefined;
    for (const answer of [failed, refused])
      expect([answer.status, answer.headers.get('location'), answer.headers.get('content-type')]).toEqual([
        503,
        null,
        'text/html; charset=utf-8',
      ]);
    const again = await sendApproval(person, page);
    const { searchParams } = new URL(again.headers.get('location') ?? '');
    const { code } = jwtPart(searchParams.get('response') ?? '', 'payload');
    await okJson(client.redeem({ code: String(code), verifier }));
  });

  it('[RM05] that anybody could ask for over and over becomes a page, and costs nobody the answers that count', async () => {
    const client = await register(stack.issuer, { authorization_signed_response_alg: 'RS256' });
    const { url } = client.authorization({ response_mode: 'jwt', scope: 'unknown' });
    const refusals = await Promise.all(Array.from({ length: 60 }, () => fetch(url, { redirect: 'manual' })));
    const statuses = new Set(refusals.map(({ status }) => status));
    expect([...statuses].toSorted()).toEqual([303, 429]);
    const { answer } = await approveBy(client, { response_mode: 'jwt' });
    expect(new URL(answer.headers.get('location') ?? '').searchParams.has('response')).toBe(true);
  });

  it('[RM03] answers a request that was pushed as well', async () => {
    const parameters = Object.fromEntries(
      new URL(signed.authorization({ state: 'state-1', response_mode: 'jwt', prompt: 'consent' }).url).searchParams,
    );
    const { clientId, secret = '' } = signed.registration;
    const pushed = await postForm(`${stack.issuer}/par`, parameters, { authorization: basicAuth(clientId, secret) });
    const { request_uri: requestUri } = (await pushed.json()) as { request_uri: string };
    const address = `${stack.issuer}/authorize?${new URLSearchParams({ client_id: clientId, request_uri: requestUri })}`;
    const answer = await sendApproval(alice, await approvalPageOf(alice, address));
    const response = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(await verified(signed, response)).toMatchObject({ code: expect.stringMatching(/^assent_ac_/) });
    const refused = await postForm(
      `${stack.issuer}/par`,
      { ...parameters, response_mode: 'fragment' },
      { authorization: basicAuth(clientId, secret) },
    );
    expect(await refusalOf(refused)).toEqual({ status: 400, error: 'invalid_request' });
  });
});
