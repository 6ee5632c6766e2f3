/** People register services of their own, change them, and take them back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalPageOf } from '../../support/approval.ts';
import { appPageOf, idOf, letRegister, plannerForm, registerApp, sendForm } from '../../support/apps.ts';
import { eraseMe } from '../../support/managing.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { putRow, storedRows } from '../../support/rows.ts';
import { demoServices, okJson, refusalOf } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let services: ReturnType<typeof demoServices>;
let olga: Person;
let alice: Person;

beforeAll(async () => {
  stack = await startStack();
  services = demoServices(stack.issuer);
  olga = await signedInAt(stack, 'olga');
  alice = await signedInAt(stack, 'alice');
});

afterAll(() => stack.stop());

describe('who may register services', () => {
  it('is whom operators let: by default themselves, and others read that', async () => {
    expect((await appPageOf(olga, stack)).html).toContain('href="/apps/new"');
    const page = await appPageOf(alice, stack);
    expect([page.html.includes('href="/apps/new"'), page.html]).toEqual([
      false,
      expect.stringContaining('The people who run this site register services.'),
    ]);
    const refused = await appPageOf(alice, stack, '/new');
    expect([refused.status, refused.html]).toEqual([400, expect.stringContaining('You cannot register services')]);
  });

  it('signs in whoever comes without a session, and sends them on to their services', async () => {
    const page = await appPageOf(personAt(stack, 'olga'), stack);
    expect(page.url.pathname).toBe('/apps');
  });
});

describe('a service that a person registered', () => {
  it('works: people are asked in its name, and it gets their tokens with the secret that was shown once', async () => {
    const service = await registerApp(olga, stack, { organization_name: 'Fabrikam Inc.' });
    const page = await approvalPageOf(alice, service.authorization({ scope: 'vso.work' }).url);
    expect(page.html).toContain('Fabrikam Planner');
    const tokens = await service.tokens(alice, { scope: 'vso.work' });
    expect(await okJson(services.api.introspect({ token: tokens.access_token }))).toMatchObject({
      active: true,
      client_id: idOf(service),
      scope: 'vso.work',
    });
    const overview = await appPageOf(olga, stack, `/${idOf(service)}`);
    expect(overview.html).not.toContain(service.registration.secret);
    expect(overview.html).toContain('Fabrikam Inc.');
  });

  it('may ask people alone: no form gives it anything of its own or of the admin API', async () => {
    const service = await registerApp(olga, stack);
    expect(await refusalOf(service.token({ grant_type: 'client_credentials' }))).toEqual({
      status: 400,
      error: 'unauthorized_client',
    });
    const page = await appPageOf(olga, stack, '/new');
    for (const scope of ['assent.admin', 'unheard.of']) {
      const answer = await sendForm(olga, page, '/apps/new', { ...plannerForm, scope });
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining('One of these permissions is not offered.'),
      ]);
    }
  });

  it('can be without a secret, or prove itself with keys', async () => {
    const app = await registerApp(olga, stack, { proof: 'public', redirect_uris: 'http://127.0.0.1/callback' });
    expect(app.registration.secret).toBeUndefined();
    await app.tokens(alice, { scope: 'vso.work' });
    const jwks = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] });
    const keyed = await registerApp(olga, stack, { proof: 'keys', jwks });
    const [row] = (await storedRows(stack, 'clients')).filter((one) => one.clientId === idOf(keyed));
    expect([row?.authenticationMethod, row?.secrets]).toEqual(['private_key_jwt', '[]']);
  });

  it('asks people for a permission that is added, and loses one that is removed from tokens at once', async () => {
    const service = await registerApp(olga, stack);
    const tokens = await service.tokens(alice, { scope: 'vso.work vso.code' });
    const edit = await appPageOf(olga, stack, `/${idOf(service)}/edit`);
    const answer = await sendForm(olga, edit, '/edit', { scope: ['vso.code', 'vso.build'] });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/apps/${idOf(service)}`]);
    expect((await okJson(services.api.introspect({ token: tokens.access_token }))).scope).toBe('vso.code');
    expect(await okJson(service.refresh(tokens.refresh_token))).toMatchObject({ scope: 'vso.code' });
    const asked = await approvalPageOf(alice, service.authorization({ scope: 'vso.code vso.build' }).url);
    expect(asked.html).toContain('vso.build');
  });

  it('keeps what the form does not ask for, and what operators said of it', async () => {
    const service = await registerApp(olga, stack);
    const edit = await appPageOf(olga, stack, `/${idOf(service)}/edit`);
    expect((await sendForm(olga, edit, '/edit', { client_name: 'Renamed' })).status).toBe(303);
    const [row] = (await storedRows(stack, 'clients')).filter((one) => one.clientId === idOf(service));
    expect(row).toMatchObject({
      name: 'Renamed',
      isOperator: false,
      redirectUris: JSON.stringify(plannerForm.redirect_uris),
    });
  });

  it('goes with all that it was granted', async () => {
    const service = await registerApp(olga, stack);
    const tokens = await service.tokens(alice, { scope: 'vso.work' });
    const page = await appPageOf(olga, stack, `/${idOf(service)}/delete`);
    expect((await sendForm(olga, page, '/delete')).headers.get('location')).toBe('/apps');
    expect(await okJson(services.api.introspect({ token: tokens.access_token }))).toEqual({ active: false });
    expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual({ status: 401, error: 'invalid_client' });
    expect((await appPageOf(olga, stack, `/${idOf(service)}`)).status).toBe(404);
    expect((await appPageOf(olga, stack)).html).not.toContain(idOf(service));
  });
});

describe('a form that cannot be taken', () => {
  it.each([
    [{ client_name: 'Micros0ft Login' }, 'client_name', 'This looks like the name of'],
    [{ organization_name: 'Google' }, 'organization_name', 'This looks like the name of'],
    [{ client_name: 'x'.repeat(101) }, 'client_name', 'Give it a name'],
    [{ client_uri: 'javascript:alert(1)' }, 'client_uri', 'begins with https://'],
    [{ tos_uri: 'http://fabrikam.example/' }, 'tos_uri', 'begins with https://'],
    [{ redirect_uris: 'https://*.fabrikam.example/' }, 'redirect_uris', 'cannot be used'],
    [{ redirect_uris: [] }, 'redirect_uris', 'Say where answers go'],
    [{ proof: 'keys' }, 'jwks', 'needs them'],
    [{ proof: 'keys', jwks: 'no json' }, 'jwks', 'is no JWK Set'],
    [{ proof: 'keys', jwks: '{"keys":[{"kty":"EC","d":"x"}]}' }, 'jwks', 'is no JWK Set'],
  ])('%j comes back with what was typed and a word at %s', async (filled, field, words) => {
    const page = await appPageOf(olga, stack, '/new');
    const typed = { ...plannerForm, description: 'Plans <b>everything</b>', ...filled };
    const answer = await sendForm(olga, page, '/apps/new', typed);
    const text = await answer.text();
    expect(answer.status).toBe(400);
    expect(text).toContain(`<a href="#${field}">`);
    expect(text).toContain(words);
    expect(text).toContain('value="Plans &lt;b&gt;everything&lt;/b&gt;"');
  });

  it('is none of ours, of another browser, or of another site', async () => {
    const page = await appPageOf(olga, stack, '/new');
    const before = (await storedRows(stack, 'clients')).length;
    expect((await sendForm(alice, page, '/apps/new', plannerForm)).status).toBe(403);
    const foreign = await olga.send(`${stack.issuer}/apps/new`, {
      method: 'POST',
      body: new URLSearchParams({ client_name: 'x' }),
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    expect((await sendForm(olga, page, '/apps/new', { ...plannerForm, proof: 'magic' })).status).toBe(400);
    expect((await storedRows(stack, 'clients')).length).toBe(before);
  });
});

describe('somebody else’s service', () => {
  it('is as if there were none: nothing of it is seen, changed or deleted', async () => {
    const service = await registerApp(olga, stack);
    const own = await appPageOf(olga, stack, `/${idOf(service)}/edit`);
    for (const path of ['', '/edit', '/secrets', '/owners', '/delete'])
      for (const id of [idOf(service), 'demo-web', 'app-unheard-of', '../x'])
        expect((await appPageOf(alice, stack, `/${encodeURIComponent(id)}${path}`)).status).toBe(404);
    for (const form of ['edit', 'secrets', 'owners', 'delete']) {
      const mine = await appPageOf(alice, stack);
      const token = /name="token" value="([^"]+)"/.exec(mine.html)?.[1] ?? '';
      const body = new URLSearchParams({ token, proof: 'secret', client_name: 'Mine', days: '60' });
      const headers = { origin: stack.issuer, 'sec-fetch-site': 'same-origin' };
      const url = `${stack.issuer}/apps/${idOf(service)}/${form}`;
      expect((await alice.send(url, { method: 'POST', body, headers })).status).toBe(404);
    }
    expect((await sendForm(olga, own, '/edit')).status).toBe(303);
  });
});

describe('two owners, or two tabs, at once', () => {
  it('never overwrite each other unseen: the second one reads that, with what they typed', async () => {
    const service = await registerApp(olga, stack);
    const pages = [
      await appPageOf(olga, stack, `/${idOf(service)}/edit`),
      await appPageOf(olga, stack, `/${idOf(service)}/edit`),
    ];
    const answers = await Promise.all(
      pages.map((page, index) => sendForm(olga, page, '/edit', { description: `Version ${index}` })),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([303, 400]);
    const lost = await answers.find(({ status }) => status === 400)?.text();
    expect(lost).toContain('Another owner changed it at the same time.');
  });

  it('delete nothing that they have not seen', async () => {
    const service = await registerApp(olga, stack);
    const old = await appPageOf(olga, stack, `/${idOf(service)}/delete`);
    await sendForm(olga, await appPageOf(olga, stack, `/${idOf(service)}/edit`), '/edit', { client_name: 'Other' });
    const refused = await sendForm(olga, old, '/delete');
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('Somebody was faster')]);
    const page = await appPageOf(olga, stack, `/${idOf(service)}/delete`);
    const answers = await Promise.all([sendForm(olga, page, '/delete'), sendForm(olga, page, '/delete')]);
    expect(answers.map(({ status }) => status)).toContain(303);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    expect((await appPageOf(olga, stack, `/${idOf(service)}`)).status).toBe(404);
  });
});

describe('a person who has as many services as one page holds', () => {
  it('reads that, and registers again in place of those that are gone', async () => {
    await letRegister(stack, 'everyone');
    await stack.restartHost();
    // She has none yet, whatever another try left.
    await eraseMe(await signedInAt(stack, 'audrey'), stack.issuer);
    const audrey = await signedInAt(stack, 'audrey');
    const service = await registerApp(audrey, stack);
    const row = (await storedRows(stack, 'users')).find(
      ({ RowKey, clientIds }) => RowKey === 'apps' && String(clientIds).includes(idOf(service)),
    );
    const keys = { PartitionKey: String(row?.PartitionKey), RowKey: 'apps' };
    const fill = (ids: readonly string[]) => putRow(stack, 'users', { ...keys, clientIds: JSON.stringify(ids) });
    const gone = Array.from({ length: 49 }, (_, index) => `app-gone-${index}`);
    await fill([idOf(service), ...gone]);
    const second = await registerApp(audrey, stack);
    const { html } = await appPageOf(audrey, stack);
    expect([html.includes(idOf(service)), html.includes(idOf(second))]).toEqual([true, true]);
    for (let made = 2; made < 50; made++) await registerApp(audrey, stack);
    const refused = await sendForm(audrey, await appPageOf(audrey, stack, '/new'), '/apps/new', plannerForm);
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining('You look after as many services as one person can.'),
    ]);
  });
});

describe('whoever may not register services any more', () => {
  it('still looks after those that they have, and cannot make more of them', async () => {
    await letRegister(stack, 'everyone');
    await stack.restartHost();
    alice = await signedInAt(stack, 'alice');
    const service = await registerApp(alice, stack);
    await letRegister(stack, 'nobody');
    await stack.restartHost();
    const path = `/${idOf(service)}/edit`;
    const more = await sendForm(alice, await appPageOf(alice, stack, path), '/edit', {
      scope: ['vso.work', 'vso.build'],
    });
    expect([more.status, await more.text()]).toEqual([
      400,
      expect.stringContaining('do not let you register services'),
    ]);
    const elsewhere = { redirect_uris: 'https://elsewhere.example/cb' };
    expect((await sendForm(alice, await appPageOf(alice, stack, path), '/edit', elsewhere)).status).toBe(400);
    expect((await sendForm(alice, await appPageOf(alice, stack, path), '/edit', { scope: 'vso.work' })).status).toBe(
      303,
    );
    expect((await appPageOf(alice, stack, '/new')).status).toBe(400);
  });
});
