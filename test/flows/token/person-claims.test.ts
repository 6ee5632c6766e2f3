/** What an API learns of the person from a token: what its entry in RESOURCES says, in the words of the sign-in provider. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../../local/provider/users.ts';
import { jwtPart } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import { demoServices, okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const [plain, full, none] = ['https://plain.example', 'https://full.example', 'https://none.example'] as const;
const resources = [
  { identifier: plain, name: 'Plain' },
  { identifier: full, name: 'Full', claims: ['subject', 'name', 'account', 'roles'] },
  { identifier: none, name: 'None', claims: [] },
];
const claimNames = ['uid', 'name', 'preferred_username', 'roles'];

let stack: Stack;
let service: Service;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources) } });
  service = await register(stack.issuer);
});

afterAll(() => stack.stop());

const told = (payload: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => claimNames.includes(name)));

const toldBy = ({ access_token: token }: TokenSet) => told(jwtPart(token, 'payload'));

const olga = users.find(({ login }) => login === 'olga');
const everything = {
  uid: olga?.objectId,
  name: 'Olga Operator',
  preferred_username: 'olga@contoso.example',
  roles: ['Assent.Operator'],
};

const tokensAt = async (...resources: readonly string[]): Promise<TokenSet> => {
  const { url, verifier } = service.authorization({ scope: 'vso.work' });
  const asked = new URL(url);
  for (const resource of resources) asked.searchParams.append('resource', resource);
  const answer = await (await signedInAt(stack, 'olga')).authorize(asked.href);
  return okJson<TokenSet>(service.redeem({ code: answer.searchParams.get('code') ?? '', verifier }));
};

describe('an access token of a person', () => {
  it('[AT09] names the person by the stable id of the sign-in provider, where the resource asks for nothing else', async () => {
    expect(toldBy(await tokensAt(plain))).toEqual({ uid: olga?.objectId });
  });

  it('[AT09] tells name, account and roles to a resource that asks for them, and nothing to one that asks for nothing', async () => {
    expect(toldBy(await tokensAt(full))).toEqual(everything);
    expect(toldBy(await tokensAt(none))).toEqual({});
  });

  it('tells several resources at once what each of them may know, and one alone all that it may know', async () => {
    const tokens = await tokensAt(plain, full);
    expect(toldBy(tokens)).toEqual({ uid: olga?.objectId });
    const refreshed = await okJson<TokenSet>(service.refresh(tokens.refresh_token ?? '', { resource: full }));
    expect(toldBy(refreshed)).toEqual(everything);
  });

  it('keeps sub as it was: opaque, and not the id of the provider', async () => {
    const payload = jwtPart((await tokensAt(full)).access_token, 'payload');
    expect(payload.sub).toMatch(/^[\w-]{43}$/);
    expect(payload.sub).not.toContain(olga?.objectId);
  });

  it('is introspected with the same claims', async () => {
    const { access_token: token } = await tokensAt(full);
    const described = await okJson(service.introspect({ token }));
    expect(described).toMatchObject({ active: true, sub: jwtPart(token, 'payload').sub });
    expect(told(described)).toEqual(everything);
  });
});

describe('the approval page', () => {
  const asked = (resource: string) => service.authorization({ scope: 'vso.work', resource, prompt: 'consent' }).url;
  const pageAt = async (resource: string): Promise<string> =>
    (await approvalPageOf(await signedInAt(stack), asked(resource))).html.replace(/<[^>]*>/g, '');

  it('says what the service learns about the person, as its tokens tell it', async () => {
    expect(await pageAt(full)).toContain('It learns your name, your account name and your roles.');
    for (const resource of [plain, none]) expect(await pageAt(resource)).not.toContain('It learns');
  });

  it('is shown again when the tokens come to tell more than the person was told', async () => {
    const bob = await signedInAt(stack, 'bob');
    const { url } = service.authorization({ scope: 'vso.work', resource: plain });
    await bob.authorize(url);
    const isSilent = async () => (await bob.send(url)).headers.get('location')?.includes('code=') ?? false;
    expect(await isSilent()).toBe(true);
    const wider = resources.map((one) => (one.identifier === plain ? { ...one, claims: ['subject', 'name'] } : one));
    await stack.restartHost(0, { RESOURCES: JSON.stringify(wider) });
    expect(await isSilent()).toBe(false);
    await stack.restartHost(0, { RESOURCES: JSON.stringify(resources) });
    expect(await isSilent()).toBe(true);
  });
});

describe('an access token of a service itself', () => {
  it('tells of no person', async () => {
    const { nightly } = demoServices(stack.issuer);
    const ask = { grant_type: 'client_credentials', scope: 'vso.work', resource: full };
    expect(toldBy(await okJson<TokenSet>(nightly.token(ask)))).toEqual({});
  });
});
