/** Signing in leads back to the page of the console that was asked for, and nowhere else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/functions/routes.ts';
import { redirectOf } from '../../support/answer.ts';
import { consoleAt } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Page } from '../../support/person.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => stack.clock.reset());

afterAll(() => stack.stop());

const pages = Object.entries(routes)
  .filter(([name, { methods }]) => /^console(-|$)/.test(name) && (methods as readonly string[]).includes('GET'))
  .map(([, { route }]) => `/${route}`.replace('/console', ''))
  .filter((path) => !path.endsWith('/export'));

const addressOf = ({ url }: Page): string => `${url.pathname}${url.search}`;

/** Where the one link of a page that refuses leads. */
const linkIn = (html: string): string | undefined => /<a class="button primary" href="([^"]*)"/.exec(html)?.[1];
const linkOf = ({ html }: Page): string | undefined => linkIn(html);

describe('signing in for the console', () => {
  it.each(pages)('leads to the page that was asked for, with what its address says: /console%s', async (path) => {
    const query = '?client_id=https%3A%2F%2Fx.example%2Fa%3Fb%3Dc%26d&person=%E2%82%AC+1&still=yes';
    expect(addressOf(await consoleAt(personAt(stack, 'olga'), stack, `${path}${query}`))).toBe(
      `/console${path}${query}`,
    );
  });

  it('leads there as well for whoever has a session that is too old for a role', async () => {
    const olga = await signedInAt(stack, 'olga');
    await stack.clock.move(8 * 3_600 + 60);
    const address = '/console/services/one?client_id=demo-web';
    expect((await olga.send(`${stack.issuer}${address}`)).status).toBe(303);
    expect(addressOf(await consoleAt(olga, stack, '/services/one?client_id=demo-web'))).toBe(address);
  });

  it('leads to the log for whoever wanted a file of it', async () => {
    const page = await consoleAt(personAt(stack, 'audrey'), stack, '/audit/export?from=2026-01-01&to=2026-01-02');
    expect(addressOf(page)).toBe('/console/audit?from=2026-01-01&to=2026-01-02');
  });

  it.each([
    ['an address that is too long', `/services?after=${'a'.repeat(2_001)}`, '/console/services'],
    ['another spelling', '/Services/ONE?client_id=a', '/console/services/one?client_id=a'],
    ['other sites', '/?next=//evil.example&to=https://evil.example', '/console?next=%2F%2Fevil.example&to='],
    ['headers', '/services?after=%0d%0aset-cookie:%20a=b', '/console/services?after=%0D%0Aset-cookie'],
  ])('is not led astray by %s', async (_, asked, expected) => {
    const { url } = await consoleAt(personAt(stack, 'olga'), stack, asked);
    expect([url.origin, `${url.pathname}${url.search}`]).toEqual([stack.issuer, expect.stringContaining(expected)]);
    if (!expected.includes('?')) expect(url.search).toBe('');
  });

  it('offers to try again for the same page when the provider refuses', async () => {
    const olga = personAt(stack, 'olga');
    const provider = await redirectOf(new URL('/console/policy/try?subject=x', stack.issuer), olga);
    const said = new URLSearchParams({
      state: provider.searchParams.get('state') ?? '',
      error: 'access_denied',
      iss: stack.provider.issuer,
    });
    const refused = await olga.visit(`${stack.issuer}/sign-in/callback?${said}`);
    if (refused.kind !== 'page') throw new Error('left for somewhere');
    expect([refused.status, linkOf(refused)]).toEqual([400, '/console/policy/try?subject=x']);
  });
});

describe('a form of the console that is sent after the session ended', () => {
  it.each(['/services/one?client_id=demo-web', '/policy', '/incidents'])(
    'changes nothing, and leads back to the page that it was on: %s',
    async (path) => {
      const olga = await signedInAt(stack, 'olga');
      const page = await consoleAt(olga, stack, path);
      const form = formsIn(page.html).find(({ method }) => method.toLowerCase() === 'post');
      if (form === undefined) throw new Error(`no form on ${path}`);
      olga.cookies.get('localhost')?.delete('assent-session');
      const answer = await olga.submit(page, form);
      if (answer.kind !== 'page') throw new Error('left for somewhere');
      expect([answer.status, linkOf(answer)]).toEqual([400, `/console${path}`]);
      expect(addressOf(await consoleAt(olga, stack, path))).toBe(`/console${path}`);
    },
  );

  it.each([
    ['no word of where it was', '/policy', undefined, '/console/policy'],
    ['another site', '/policy', 'https://evil.example/console/services', '/console/policy'],
    ['what is no address', '/policy', 'console', '/console/policy'],
    ['a page of ours that is none of the console', '/policy', '/authorize?client_id=demo-web', '/console'],
    ['an address of no page', '/policy', '/console//evil.example/', '/console'],
  ])('leads to no other place for %s', async (_, path, referer, expected) => {
    const person = personAt(stack, 'olga');
    const from = referer?.startsWith('/') === true ? `${stack.issuer}${referer}` : referer;
    const answer = await person.send(`${stack.issuer}/console${path}`, {
      method: 'POST',
      headers: { origin: stack.issuer, ...(from === undefined ? {} : { referer: from }) },
      body: new URLSearchParams({ token: 'x' }),
    });
    expect([answer.status, linkIn(await answer.text())]).toEqual([400, expected]);
  });
});
