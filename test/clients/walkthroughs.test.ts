/** docs/connect-a-service.md and docs/protect-an-api.md: their commands run in order, and their tables say what is. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDemoApi } from '../../local/demo/api.ts';
import type { Listening } from '../../local/listen.ts';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import { OAuthError } from '../../src/oauth/errors.ts';
import { type Reason, reasons } from '../../src/oauth/reasons.ts';
import { answerOf, jwtPart } from '../support/answer.ts';
import { createPerson, type Person } from '../support/person.ts';
import { administer, demoServices, okJson, type Service } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { examplesFolder } from './examples.ts';
import { connectInTerminal, type Running, run } from './program.ts';

const audience = 'https://api.assent.localhost';

/** How long what was revoked may still be taken, with some patience for a busy machine. */
const within15Seconds = { timeout: 60_000, interval: 250 };

let stack: Stack;
let api: Listening;
let connectPage: string;
let protectPage: string;
let signInPage: string;
let web: Service;

beforeAll(async () => {
  const claims = ['subject', 'name', 'account', 'roles'];
  const resources = JSON.stringify([{ identifier: audience, name: 'Azure DevOps (demo)', claims }]);
  stack = await startStack({ settings: { RESOURCES: resources } });
  api = await startDemoApi({ port: 0, issuer: stack.issuer });
  const page = (name: string) => readFile(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
  [connectPage, protectPage, signInPage] = (await Promise.all(
    ['connect-a-service', 'protect-an-api', 'sign-people-in'].map(page),
  )) as [string, string, string];
  web = demoServices(stack.issuer).web;
});

afterAll(async () => {
  await api.stop();
  await stack.stop();
});

const personCalled = (login: string): Person =>
  createPerson({ login, issuer: stack.issuer, providerIssuer: stack.provider.issuer });

/** All commands of a page as one program, against this stack and not the one of `npm start`. */
const programOf = (page: string): string =>
  [...page.matchAll(/^```sh\n(.*?)^```$/gms)]
    .map(([, block]) => block)
    .join('')
    .replaceAll('http://localhost:7071', stack.issuer)
    .replaceAll('http://localhost:7073', api.url);

const start = (page: string, folder?: string): Running =>
  run({ name: 'the page', command: ['bash', '-c', programOf(page)] }, { PORT: '0' }, folder);

/** Cells of the table below the line that begins so. */
const table = (page: string, header: string): readonly (readonly string[])[] => {
  const lines = page.split('\n');
  const first = lines.findIndex((line) => line.startsWith(header)) + 2;
  const count = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first, first + count).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

const namesIn = (cell: string | undefined): readonly string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

it('hands node no value that it could take for an option, as a verifier that begins with a hyphen would be', () => {
  const handed = [connectPage, protectPage, signInPage].flatMap((page) => [
    ...page.matchAll(/node -\w+ '[^']*' (?<separator>-- )?"\$/g),
  ]);
  expect(handed.length).toBeGreaterThan(0);
  for (const [command, separator] of handed) expect(separator, command).toBe('-- ');
});

describe('docs/connect-a-service.md', () => {
  it('leads from a registration to work items, a replaced secret and an authorization given back', async () => {
    const alice = personCalled('alice');
    const shown = await connectInTerminal(start(connectPage), alice);
    expect(shown).toContain('approved: vso.code vso.work');
    expect(shown).toContain('Show build results on the team dashboard');
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    expect(page.kind === 'page' && page.html.replace(/<[^>]*>/g, '')).toContain('My service gave its access back');
  });

  const listed = () =>
    [connectPage, signInPage].flatMap((page) => table(page, '| member |').flatMap(([name]) => namesIn(name)));
  const minimal = { client_name: 'Minimal', redirect_uris: ['https://minimal.example/callback'] };
  const registered = async () =>
    (await answerOf(administer(stack.issuer, { method: 'POST', path: 'apps', body: minimal }))).body;

  it('lists the members that decide something, and no others', async () => {
    const own = /^(client_id|client_id_issued_at|client_secret.*|response_types|assent_secrets|assent_warnings)$/;
    const optional = [
      'client_uri',
      'logo_uri',
      'policy_uri',
      'tos_uri',
      'response_modes',
      'authorization_signed_response_alg',
      'id_token_signed_response_alg',
      'userinfo_signed_response_alg',
      'sector_identifier_uri',
      'default_max_age',
      'backchannel_logout_uri',
      'jwks',
      'jwks_uri',
      'token_endpoint_auth_signing_alg',
      'request_object_signing_alg',
      'assent_profile',
      'authorization_details_types',
      'assent_token_exchange',
      'introspection_signed_response_alg',
    ];
    const members = Object.keys(await registered()).filter((name) => !own.test(name));
    expect(listed().toSorted()).toEqual([...members, ...optional].toSorted());
    for (const name of listed()) {
      const body = { ...minimal, [name]: {} };
      const refused = await administer(stack.issuer, { method: 'POST', path: 'apps', body });
      const { error_description: description } = (await refused.json()) as { error_description: string };
      expect(description).toContain(name);
    }
  });

  it('explains every error that there is, with its status', async () => {
    const ours = [
      ...(Object.keys(reasons) as Reason[]).map((reason) => new OAuthError(reason, '')),
      { onTheWire: 'temporarily_unavailable', status: 503 },
    ];
    const thrown = [...ours, { onTheWire: 'server_error', status: 500 }].map((one) => `${one.onTheWire} ${one.status}`);
    const explained = table(connectPage.split('## Every error')[1] ?? '', '| `error` |').flatMap(
      ([names, statuses = '']) =>
        namesIn(names).flatMap((name) => statuses.split(', ').map((status) => `${name} ${status}`)),
    );
    expect(explained.toSorted()).toEqual([...new Set(thrown)].toSorted());
  });

  it('states their defaults', async () => {
    const rows = new Map(table(connectPage, '| member |').map(([name, value]) => [namesIn(name)[0], value]));
    const answer = await registered();
    expect(namesIn(rows.get('grant_types'))).toEqual(answer.grant_types);
    expect(namesIn(rows.get('token_endpoint_auth_method'))).toEqual([answer.token_endpoint_auth_method]);
    for (const name of ['assent_operator', 'assent_verified', 'assent_blocked'])
      expect(namesIn(rows.get(name))).toEqual([String(answer[name])]);
    for (const name of ['scope', 'contacts', 'assent_resource_server_of']) {
      expect(rows.get(name)).toBe('none');
      expect(answer[name]).toHaveLength(0);
    }
  });
});

describe('docs/protect-an-api.md', () => {
  /** Translations are members such as `name#de`. */
  const isMember = (name: string): boolean => name !== 'translations';

  it('shows an entry of RESOURCES that is one, and the defaults of what it leaves out', () => {
    const [, entry = ''] = /```json\n(.*?)```/s.exec(protectPage) ?? [];
    const [resource] = parseResources(JSON.parse(entry));
    expect([...(resource?.permissions.keys() ?? [])]).toEqual(['invoices.read', 'invoices.write']);
    const least = { id: 'a', name: 'do a', description: 'Do a.' };
    const [bare] = parseResources([{ identifier: 'https://a.example', name: 'A', permissions: [least] }]);
    const permission = bare?.permissions.get('a');
    expect(
      table(protectPage, '| member |')
        .map(([name]) => namesIn(name)[0])
        .toSorted(),
    ).toEqual(
      Object.keys(bare ?? {})
        .filter(isMember)
        .toSorted(),
    );
    const [, second = ''] = protectPage.split('Each permission:');
    const rows = table(second, '| member |').map(([name, value = '']) => [
      namesIn(name)[0],
      namesIn(value)[0] ?? value,
    ]);
    const defaults = Object.entries(permission ?? {})
      .filter(([name]) => isMember(name))
      .map(([name, value]) => [name, Object.values(least).includes(String(value)) ? '' : String(value ?? 'none')]);
    expect(rows).toEqual(defaults);
  });

  it('lists the claims of tokens, and no others', async () => {
    const { access_token: ofPerson } = await web.tokens(personCalled('olga'));
    const { access_token: ofService } = await okJson<{ access_token: string }>(
      demoServices(stack.issuer).nightly.token({ grant_type: 'client_credentials' }),
    );
    const rows = table(protectPage, '| claim |');
    const listed = (isOf: (who: string) => boolean) =>
      rows
        .filter(([, who = '']) => isOf(who))
        .flatMap(([names]) => namesIn(names))
        .toSorted();
    expect(Object.keys(jwtPart(ofPerson, 'payload')).toSorted()).toEqual(listed(() => true));
    expect(Object.keys(jwtPart(ofService, 'payload')).toSorted()).toEqual(listed((who) => who === 'everybody'));
    const answer = await okJson(web.introspect({ token: ofPerson }));
    for (const name of listed((who) => who !== 'persons')) expect(answer).toHaveProperty(name);
  });

  it('leads to an API that knows the person, and refuses what was taken back and what lacks the permission', async () => {
    const running = start(protectPage, `${examplesFolder}../apis/javascript/`);
    try {
      const address = await running.opened;
      const call = (token: string) => fetch(address, { headers: { authorization: `Bearer ${token}` } });
      const tokens = await web.tokens(personCalled('olga'));
      const { uid } = jwtPart(tokens.access_token, 'payload');
      expect(await okJson(call(tokens.access_token))).toEqual({ person: uid, service: 'demo-web' });
      await web.revoke({ token: tokens.refresh_token ?? '' });
      await vi.waitFor(async () => expect((await call(tokens.access_token)).status).toBe(401), within15Seconds);
      const refusals = [await fetch(address), await call('no.such.token'), await call(tokens.access_token)];
      const metadata = `resource_metadata="${stack.issuer}/.well-known/oauth-protected-resource/api.assent.localhost"`;
      expect(refusals.map(({ status, headers }) => [status, headers.get('www-authenticate')])).toEqual([
        [401, `Bearer scope="vso.work", ${metadata}`],
        [401, `Bearer error="invalid_token", scope="vso.work", ${metadata}`],
        [401, `Bearer error="invalid_token", scope="vso.work", ${metadata}`],
      ]);
      const narrow = await web.tokens(personCalled('olga'), { scope: 'vso.code' });
      const refused = await call(narrow.access_token);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        `Bearer error="insufficient_scope", scope="vso.code vso.work", ${metadata}`,
      ]);
    } finally {
      await running.stop();
    }
  });
});
