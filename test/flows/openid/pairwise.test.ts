/** Subjects that only one sector knows (OpenID Connect Core §8). */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../../local/listen.ts';
import { personAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { administer, demoServices, okJson, register, type Service } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let alice: Person;
let elsewhere: Listening;
/** What the address of the sector answers. */
let listed: unknown = [];

beforeAll(async () => {
  stack = await startStack();
  alice = personAt(stack);
  elsewhere = await listen(0, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(listed));
  });
});

afterAll(async () => {
  await elsewhere.stop();
  await stack.stop();
});

const pairwiseAt = (redirectUri: string, more: Readonly<Record<string, unknown>> = {}): Promise<Service> =>
  register(stack.issuer, { redirect_uris: [redirectUri], subject_type: 'pairwise', ...more });

const subjectAt = async (service: Service): Promise<string | undefined> =>
  decodeJwt((await service.tokens(alice, { scope: 'openid' })).id_token ?? '').sub;

const sectorOf = (uri: string) => `${uri.replace('127.0.0.1', 'localhost')}/sector.json`;

const refusedFor = async (metadata: Readonly<Record<string, unknown>>): Promise<unknown> => {
  const body = { client_name: 'Pairwise', subject_type: 'pairwise', ...metadata };
  const response = await administer(stack.issuer, { method: 'POST', path: 'apps', body });
  const answer = (await response.json()) as { error?: string; error_description?: string };
  return response.status === 400 ? answer.error : response.status;
};

describe('a pairwise subject', () => {
  it('[OI11] is the same at clients of one host, and another at every other', async () => {
    const [one, same, other] = await Promise.all([
      pairwiseAt('https://one.example/a'),
      pairwiseAt('https://one.example/b'),
      pairwiseAt('https://other.example/a'),
    ]);
    const subjects = [await subjectAt(one), await subjectAt(same), await subjectAt(other)];
    expect(subjects[0]).toBe(subjects[1]);
    const known = await subjectAt(demoServices(stack.issuer).web);
    expect(new Set([...subjects, known]).size).toBe(3);
    expect(await subjectAt(await register(stack.issuer))).toBe(known);
  });

  it('[OI11] is in everything that the client gets: tokens, userinfo and introspection', async () => {
    const service = await pairwiseAt('https://whole.example/cb');
    const tokens = await service.tokens(alice, { scope: 'openid vso.work' });
    const sub = decodeJwt(tokens.id_token ?? '').sub;
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const told = await okJson(fetch(`${stack.issuer}/userinfo`, { headers }));
    const introspected = await Promise.all(
      [tokens.access_token, tokens.refresh_token].map((token) => okJson(service.introspect({ token }))),
    );
    expect([decodeJwt(tokens.access_token).sub, told.sub, ...introspected.map((one) => one.sub)]).toEqual(
      Array(4).fill(sub),
    );
    const hinted = await alice.authorize(
      service.authorization({ scope: 'openid vso.work', prompt: 'none', id_token_hint: tokens.id_token }).url,
    );
    expect(hinted.searchParams.get('error')).toBeNull();
  });

  it('[OI11] is of the sector whose address lists every redirect URI', async () => {
    const uris = ['https://first.example/cb', 'https://second.example/cb'];
    listed = uris;
    const sector = { sector_identifier_uri: sectorOf(elsewhere.url) };
    const [first, second] = await Promise.all(uris.map((uri) => pairwiseAt(uri, sector)));
    if (first === undefined || second === undefined) throw new Error('two were registered');
    expect(await subjectAt(first)).toBe(await subjectAt(second));
    listed = ['https://first.example/cb'];
    expect(await refusedFor({ redirect_uris: uris, ...sector })).toBe('invalid_client_metadata');
    listed = { uris };
    expect(await refusedFor({ redirect_uris: uris, ...sector })).toBe('invalid_client_metadata');
    // What was checked goes on while the address says something else.
    const path = `apps/${first.registration.clientId}`;
    const current = await (await administer(stack.issuer, { method: 'GET', path })).json();
    const body = { ...(current as object), assent_blocked: true };
    expect((await administer(stack.issuer, { method: 'PUT', path, body })).status).toBe(200);
  });

  it.each([
    ['redirect URIs of two hosts', { redirect_uris: ['https://a.example/', 'https://b.example/'] }],
    ['an app’s scheme', { redirect_uris: ['com.example.app:/cb'] }],
    [
      'an address that nobody may ask for',
      { redirect_uris: ['https://a.example/'], sector_identifier_uri: 'https://10.0.0.1/' },
    ],
    ['an address without TLS', { redirect_uris: ['https://a.example/'], sector_identifier_uri: 'http://a.example/' }],
  ])('[OI11] is refused with %s', async (_what, metadata) => {
    expect(await refusedFor(metadata)).toBe('invalid_client_metadata');
  });
});
