/** RFC 8707: what a person allows at one resource is not allowed at another that has permissions of the same names. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, jwtPart, redirectOf } from '../../support/answer.ts';
import { approvalPageOf } from '../../support/approval.ts';
import { signedInAt } from '../../support/people.ts';
import type { Page, Person } from '../../support/person.ts';
import { demoServices, okJson, register, type Service, type TokenSet } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const [boards, files] = ['https://boards.contoso.example', 'https://files.contoso.example'] as const;
const own = 'https://own.contoso.example';
const resources = [
  { identifier: boards, name: 'Contoso Boards Data' },
  { identifier: files, name: 'Contoso Files Data' },
  {
    identifier: own,
    name: 'Contoso Own',
    permissions: [{ id: 'files.read', name: 'Files (read)', description: 'See files.' }],
  },
];
const before = 'You allowed this before.';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ settings: { RESOURCES: JSON.stringify(resources) } });
});

afterAll(() => stack.stop());

const urlOf = (service: Service, scope: string, resources: readonly string[]): string => {
  const url = new URL(service.authorization({ scope }).url);
  for (const resource of resources) url.searchParams.append('resource', resource);
  return url.href;
};

const approve = async (person: Person, url: string, permissions?: readonly string[]): Promise<void> => {
  const page = await approvalPageOf(person, url);
  const end = await person.decide(page, { decision: 'approve', ...(permissions === undefined ? {} : { permissions }) });
  if (end.kind !== 'departure' || !end.location.searchParams.has('code')) throw new Error('no code');
};

/** Somebody who allowed vso.code at the boards and vso.work at the files, to a service of their own. */
const decided = async (
  metadata: Parameters<typeof register>[1] = {},
): Promise<{ readonly person: Person; readonly service: Service }> => {
  const service = await register(stack.issuer, metadata);
  const person = await signedInAt(stack);
  await approve(person, urlOf(service, 'vso.code', [boards]));
  await approve(person, urlOf(service, 'vso.work', [files]));
  return { person, service };
};

const isSilent = async (person: Person, url: string): Promise<boolean> =>
  (await person.send(url)).headers.get('location')?.includes('code=') ?? false;

/** The scopes that the page says were allowed before. */
const remembered = ({ html }: Page): readonly (string | undefined)[] =>
  html
    .split('<li')
    .filter((item) => item.includes(before))
    .map((item) => /name="permission" value="([^"]+)"/.exec(item)?.[1]);

describe('two resources with permissions of the same names', () => {
  it('[RI04] what was allowed at one is asked for at the other, and silent only where it was allowed', async () => {
    const { person, service } = await decided();
    const answers: Record<string, boolean> = {};
    for (const [name, resource] of Object.entries({ boards, files }))
      for (const scope of ['vso.code', 'vso.work'])
        answers[`${scope} at ${name}`] = await isSilent(person, urlOf(service, scope, [resource]));
    expect(answers).toEqual({
      'vso.code at boards': true,
      'vso.work at boards': false,
      'vso.code at files': false,
      'vso.work at files': true,
    });
  });

  it('is silent for both at once only when each scope was allowed at each of them', async () => {
    const { person, service } = await decided();
    expect(await isSilent(person, urlOf(service, 'vso.code', [boards, files]))).toBe(false);
    expect(await isSilent(person, urlOf(service, 'vso.code vso.work', [boards, files]))).toBe(false);
    await approve(person, urlOf(service, 'vso.code', [files]));
    expect(await isSilent(person, urlOf(service, 'vso.code', [boards, files]))).toBe(true);
    expect(await isSilent(person, urlOf(service, 'vso.code vso.work', [boards, files]))).toBe(false);
  });

  it('the page remembers each permission at its own resource', async () => {
    const { person, service } = await decided();
    const rememberedAt = async (...resources: readonly string[]) =>
      remembered(await approvalPageOf(person, urlOf(service, 'vso.code vso.work', resources)));
    expect(await rememberedAt(boards)).toEqual(['vso.code']);
    expect(await rememberedAt(files)).toEqual(['vso.work']);
  });

  it('the page that asks for both resources says "before" of what was allowed at both', async () => {
    const { person, service } = await decided();
    const both = urlOf(service, 'vso.code vso.work', [boards, files]);
    expect(remembered(await approvalPageOf(person, both))).toEqual([]);
    await approve(person, urlOf(service, 'vso.code', [files]));
    expect(remembered(await approvalPageOf(person, both))).toEqual(['vso.code']);
  });

  it('Manage authorizations says at which of them each permission holds', async () => {
    // The person has other services too, some of them used in the same second.
    const { person, service } = await decided({ client_name: 'Of two places' });
    const { text } = await answerOf(await person.send(`${stack.issuer}/authorizations`));
    const card = text.split('<article').find((part) => part.includes('Of two places')) ?? '';
    expect(card).toContain(new URL(service.registration.redirectUri ?? '').host);
    const words = card
      .slice(0, card.indexOf('<dl'))
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(words).toContain(
      'May use Contoso Boards Data : See your source code May use Contoso Files Data : See your work items',
    );
  });

  it('unticking a permission at one leaves it at the other', async () => {
    const { person, service } = await decided();
    await approve(person, urlOf(service, 'vso.code', [files]));
    const url = new URL(urlOf(service, 'vso.code vso.work', [files]));
    url.searchParams.set('prompt', 'consent');
    await approve(person, url.href, ['vso.work']);
    expect(await isSilent(person, urlOf(service, 'vso.code', [files]))).toBe(false);
    expect(await isSilent(person, urlOf(service, 'vso.work', [files]))).toBe(true);
    expect(await isSilent(person, urlOf(service, 'vso.code', [boards]))).toBe(true);
  });

  it('[RI04] a silent code gives a token for that resource alone', async () => {
    const { person, service } = await decided();
    const { access_token: token } = await service.tokens(person, { scope: 'vso.work', resource: files });
    expect(jwtPart(token, 'payload')).toMatchObject({ aud: files, scope: 'vso.work' });
  });
});

describe('a scope that means something else at another resource', () => {
  const payroll = 'https://payroll.contoso.example';
  const withPayroll = [
    ...resources,
    {
      identifier: payroll,
      name: 'Contoso Payroll',
      permissions: [
        { id: 'vso.work', name: 'Salaries', description: 'Change salaries.', highPrivilege: true, inheritsFrom: 'see' },
        { id: 'see', name: 'See salaries', description: 'See what everybody earns.' },
      ],
    },
  ];

  const words = ({ html }: Page): string =>
    html
      .slice(html.indexOf('<fieldset'), html.indexOf('</fieldset'))
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');

  it('is one box that says what it means at each of them, and is of high privilege if it is at one', async () => {
    await stack.restartHost(0, { RESOURCES: JSON.stringify(withPayroll) });
    const service = await register(stack.issuer);
    const page = await approvalPageOf(await signedInAt(stack), urlOf(service, 'vso.work', [boards, files, payroll]));
    expect(page.html.match(/name="permission"/g)).toHaveLength(1);
    const shown = words(page);
    expect(shown).toMatch(
      /See your work items High privilege At Contoso Boards Data and Contoso Files Data .* See and search work items/,
    );
    expect(shown).toContain('Salaries At Contoso Payroll Change salaries. See salaries : See what everybody earns.');
    await stack.restartHost(0, { RESOURCES: JSON.stringify(resources) });
  });

  it('names the resource once where there is only one', async () => {
    const service = await register(stack.issuer);
    const shown = words(await approvalPageOf(await signedInAt(stack), urlOf(service, 'vso.work', [boards])));
    expect(shown.match(/At Contoso/g)).toHaveLength(1);
  });
});

describe('a resource of which a person unticks everything', () => {
  it('[RI09] is no audience of the token, and naming it is invalid_target: for the code, and whenever it is refreshed', async () => {
    const service = await register(stack.issuer, { scope: 'files.read vso.work' });
    const person = await signedInAt(stack);
    const { url, verifier } = service.authorization({ scope: 'files.read vso.work' });
    const asked = new URL(url);
    for (const resource of [boards, own]) asked.searchParams.append('resource', resource);
    const page = await approvalPageOf(person, asked.href);
    const end = await person.decide(page, { decision: 'approve', permissions: ['vso.work'] });
    if (end.kind !== 'departure') throw new Error('no answer');
    const code = { code: end.location.searchParams.get('code') ?? '', verifier };
    const refused = [400, 'invalid_target'];
    const refusalAt = async (resource: string, answer: Promise<Response>) => {
      const { status, body } = await answerOf(answer);
      return [resource, status, body.error];
    };
    expect(await refusalAt(own, service.redeem(code, { resource: own }))).toEqual([own, ...refused]);
    const tokens = await okJson<TokenSet>(service.redeem(code));
    expect(jwtPart(tokens.access_token, 'payload')).toMatchObject({ aud: boards, scope: 'vso.work' });
    expect(await refusalAt(own, service.refresh(tokens.refresh_token, { resource: own }))).toEqual([own, ...refused]);
    const next = await okJson<TokenSet>(service.refresh(tokens.refresh_token));
    expect(jwtPart(next.access_token, 'payload').aud).toBe(boards);
  });
});

describe('a resource with an empty path', () => {
  it.each(['/', ''])(
    '[RI08] is the same with "%s" at its end at /authorize, /token and when refreshing',
    async (end) => {
      const service = await register(stack.issuer, { assent_resource_server_of: [`${boards}${end}`] });
      const person = await signedInAt(stack);
      const resource = `${boards}${end}`;
      const code = await service.code(person, { scope: 'vso.work', resource });
      const tokens = await okJson<TokenSet>(service.redeem(code, { resource }));
      const next = await okJson<TokenSet>(service.refresh(tokens.refresh_token, { resource }));
      for (const { access_token: token } of [tokens, next]) {
        expect(jwtPart(token, 'payload').aud).toBe(boards);
        expect(await okJson(service.introspect({ token }))).toMatchObject({ active: true, aud: boards });
      }
    },
  );
});

describe('a resource that has left the configuration', () => {
  it('[RI09] is no audience of what was authorized before, and naming it is invalid_target', async () => {
    const service = await register(stack.issuer);
    const person = await signedInAt(stack);
    const { url, verifier } = service.authorization({ scope: 'vso.work' });
    const asked = new URL(url);
    for (const resource of [boards, files]) asked.searchParams.append('resource', resource);
    const answer = await person.authorize(asked.href);
    const code = { code: answer.searchParams.get('code') ?? '', verifier };
    const both = await okJson<TokenSet>(service.redeem(code));
    expect(jwtPart(both.access_token, 'payload').aud).toEqual([boards, files]);
    const { refresh_token: ofFiles } = await service.tokens(person, { scope: 'vso.work', resource: files });

    await stack.restartHost(0, { RESOURCES: JSON.stringify(resources.slice(0, 1)) });
    const refusalOf = async (pending: Promise<Response>) => {
      const { status, body } = await answerOf(pending);
      return [status, body.error];
    };
    expect(await refusalOf(service.refresh(both.refresh_token, { resource: files }))).toEqual([400, 'invalid_target']);
    expect(await refusalOf(service.refresh(ofFiles))).toEqual([400, 'invalid_target']);
    const next = await okJson<TokenSet>(service.refresh(both.refresh_token));
    expect(jwtPart(next.access_token, 'payload').aud).toBe(boards);
    await stack.restartHost(0, { RESOURCES: JSON.stringify(resources) });
    expect(await okJson(service.refresh(ofFiles))).toHaveProperty('access_token');
  });
});

describe('a resource at which nothing is asked for (RFC 8707 §2)', () => {
  it('[RI02][RI05] is refused at /authorize, with a redirect', async () => {
    const service = await register(stack.issuer);
    const url = urlOf(service, 'vso.work', [boards, `${stack.issuer}/api/admin`]);
    const { searchParams } = await redirectOf(url, await signedInAt(stack));
    expect(searchParams.get('error')).toBe('invalid_target');
    expect(searchParams.has('code')).toBe(false);
  });

  it('[RI02][RI05] is refused at /token', async () => {
    const { nightly } = demoServices(stack.issuer);
    const ask = (...resources: readonly string[]) =>
      nightly.token([
        ['grant_type', 'client_credentials'],
        ['scope', 'vso.work'],
        ...resources.map((resource) => ['resource', resource] as const),
      ]);
    const refused = await answerOf(ask(boards, `${stack.issuer}/api/admin`));
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_target']);
    expect(refused.body).not.toHaveProperty('access_token');
    const { access_token: token } = await okJson<{ access_token: string }>(ask(boards, files));
    expect(jwtPart(token, 'payload').aud).toEqual([boards, files]);
  });
});
