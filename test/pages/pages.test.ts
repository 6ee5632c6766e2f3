import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listedAddresses } from '../../src/functions/system/home.ts';
import { endpoints } from '../../src/functions/table.ts';
import { pageHeaders } from '../../src/http/headers.ts';
import { approvalPage } from '../../src/pages/approval.ts';
import { authorizationsPage } from '../../src/pages/authorizations.ts';
import { formPostHash } from '../../src/pages/form-post-script.ts';
import { homePage } from '../../src/pages/home.ts';
import { html, render } from '../../src/pages/html.ts';
import { hostilePages, hostileTexts } from './hostile.ts';
import { account, approval, authorization, authorizations, permission, samples, site } from './samples.ts';

const addresses = listedAddresses(endpoints);

const withoutStyle = (page: string): string => page.replace(/<style>[\s\S]*<\/style>/, '');

/** The one script that there is, as its policy allows it (OAuth 2.0 Form Post Response Mode §2). */
const withoutFormPost = (page: string): string =>
  page.replace(/<script>(.*?)<\/script>/, (whole, script: string) => (hashOf(script) === formPostHash() ? '' : whole));

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const count = (page: string, pattern: RegExp): number => page.match(pattern)?.length ?? 0;

describe.each(Object.entries(samples))('%s', (_name, sample) => {
  const page = render(sample);

  test('is a whole document with one heading, landmarks and a skip link', () => {
    expect(page.startsWith('<!doctype html>\n<html lang="en" dir="ltr">')).toBe(true);
    expect(count(page, /<h1[ >]/g)).toBe(1);
    for (const landmark of ['header', 'main', 'footer'])
      expect(count(page, new RegExp(`<${landmark}[ >]`, 'g'))).toBe(1);
    expect(page).toContain('<a class="skip" href="#main">');
    expect(page).toContain('name="viewport"');
    expect(page).toContain('<meta name="robots" content="noindex">');
  });

  test('names the origin that the address bar must show', () => {
    expect(page).toContain('address bar must begin with</span> <b>https://login.contoso.example</b>');
  });

  test('has no script, handler, style attribute or other request', () => {
    const body = withoutFormPost(withoutStyle(page)).replace(/<link rel="icon" href="data:image\/svg\+xml,[^"]*">/, '');
    expect(body).not.toMatch(/<script|<iframe|<img|<link|<object|<base|javascript:|srcset=|\ssrc=/i);
    expect(body).not.toMatch(/\sstyle=|\son[a-z]+=/i);
    const styles = [...page.matchAll(/<style.*?<\/style>/gs)].map(([style]) => style);
    expect(styles.join('')).not.toMatch(/url\(|@import/i);
  });

  test('has one style sheet, which its policy allows by its hash', () => {
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    expect(style).toBeDefined();
    expect(pageHeaders('self', sample.styles ?? [])['content-security-policy']).toContain(
      `style-src '${hashOf(style ?? '')}';`,
    );
    expect(count(page, /<style/g)).toBe(1);
  });

  test('repeats no id', () => {
    const ids = Array.from(page.matchAll(/\sid="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe.each(hostileTexts)('the hostile text %s', (hostile) => {
  test.each(Object.entries(hostilePages(hostile)))('changes nothing of %s but words', (name, sample) => {
    const page = withoutStyle(render(sample));
    const tags = (text: string): readonly string[] => Array.from(text.matchAll(/<\/?[a-z0-9]+/g), ([tag]) => tag);
    const plain = hostilePages('plain')[name];
    expect(plain).toBeDefined();
    expect(tags(page)).toEqual(plain === undefined ? [] : tags(withoutStyle(render(plain))));
    const seen = page.replace(/<[^>]*>/g, '');
    expect(seen).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });
});

describe('the approval page', () => {
  test('posts what it was given and the permissions that are ticked to /consent', () => {
    const page = render(approvalPage(approval()));
    expect(page).toContain('<form method="post" action="/consent" autocomplete="off" class="answering">');
    expect(page).toContain('<input type="hidden" name="token" value="form-token">');
    expect(count(page, /<input type="checkbox" [^>]*name="permission" value="[^"]+" checked/g)).toBe(5);
  });

  test('sends a required permission without offering to untick it', () => {
    const page = render(approvalPage(approval({ permissions: [permission(4)] })));
    expect(page).toContain('<input type="hidden" name="permission" value="area.permission_4">');
    expect(page).not.toContain('type="checkbox"');
    expect(page).toContain('Always part of this approval.');
    expect(page).toContain('The service needs all of them.');
  });

  test('says high privilege in words, what is included and what was allowed before', () => {
    const page = render(approvalPage(approval()));
    expect(count(page, />High privilege</g)).toBe(2);
    expect(page).toContain('Includes: <b><bdi>See your work items</bdi></b>');
    expect(page).toContain('You allowed this before.');
  });

  test('says who answers, where the answer goes, how long it lasts and how it ends', () => {
    const page = render(approvalPage(approval()));
    for (const words of [
      'Verified by <bdi>Contoso</bdi>',
      'planner.fabrikam.example',
      'alice@contoso.example',
      'Use another account',
      'never sees your password',
      'after 90 days without use, and in any case after 365 days',
      'take it back at any time under <a href="/authorizations">Manage authorizations</a>',
    ])
      expect(page).toContain(words);
  });

  test('marks a service that is not verified and an answer that stays on this device', () => {
    const client = { name: 'Owl', verified: false, redirectHost: '127.0.0.1:5000', recipient: 'app' } as const;
    const page = render(approvalPage(approval({ client })));
    expect(page).toContain('This service is not verified.');
    expect(page).toContain('Not verified by <bdi>Contoso</bdi>');
    expect(page).toContain('an app on this device');
    expect(page).not.toContain('127.0.0.1:5000');
  });

  test('calls a website on this device by its address, and no app', () => {
    const client = { ...approval().client, redirectHost: 'localhost:7072', recipient: 'local website' } as const;
    const page = render(approvalPage(approval({ client })));
    expect(page).toContain('<b><bdi>localhost:7072</bdi></b> on this device');
    expect(page).toContain('Approve only if you run that website yourself.');
    expect(page).not.toContain('an app on this device');
  });

  test('promises no longer a life than it has', () => {
    const page = render(
      approvalPage(approval({ lasting: { ...approval().lasting, idleSeconds: 20, longestSeconds: 36 * 3_600 } })),
    );
    expect(page).toContain('after 20 seconds without use, and in any case after 1 day and 12 hours.');
  });

  test('leaves unticked what is not ticked, and marks what is new', () => {
    const permissions = [
      { ...permission(0), ticked: false },
      { ...permission(1), isNew: true },
    ];
    const page = render(approvalPage(approval({ permissions })));
    expect(count(page, /<input type="checkbox"[^>]*>/g)).toBe(2);
    expect(count(page, /<input type="checkbox"[^>]* checked/g)).toBe(1);
    expect(count(page, /<span class="badge">New<\/span>/g)).toBe(1);
  });

  test('says of a permission that another brings along that unticking it alone is not enough', () => {
    const permissions = [{ ...permission(0), comesWith: ['Control work items'] }];
    const page = render(approvalPage(approval({ permissions })));
    expect(page).toContain('Comes with <b><bdi>Control work items</bdi></b>, ticked or not');
  });

  test('does not let a service tell a story in its name', () => {
    const name = 'Contoso. This service is verified by Contoso, press Approve to keep your account.';
    const page = render(approvalPage(approval({ client: { ...approval().client, name } })));
    expect(page).toContain('<bdi>Contoso. This service is verified by Contoso, pre…</bdi>');
    expect(page).not.toContain('press Approve');
  });

  test('puts Deny before Approve, so that Enter in a checkbox never approves', () => {
    const form = render(approvalPage(approval())).split('action="/consent"')[1] ?? '';
    const buttons = Array.from(
      form.matchAll(/<button name="decision" value="(\w+)"[^>]*>(\w+)</g),
      ([, ...found]) => found,
    );
    expect(buttons).toEqual([
      ['deny', 'Deny'],
      ['approve', 'Approve'],
    ]);
  });
});

describe('Manage authorizations', () => {
  const two = [authorization(), authorization({ id: 'bmV4dA', clientName: 'Tailspin' })];

  test('offers to revoke each service, named for those who cannot see the card', () => {
    const page = render(authorizationsPage(authorizations({ authorizations: two })));
    expect(count(page, /<form method="post" action="\/authorizations\/revoke">/g)).toBe(2);
    expect(page).toContain('<input type="hidden" name="authorization" value="bmV4dA">');
    expect(page).toContain('Revoke…<span class="unseen"> <bdi>Tailspin</bdi></span>');
    expect(page).toContain('<button class="danger"><span>Revoke <bdi>Tailspin</bdi></span></button>');
  });

  test('revokes all only behind a fold, and only where there is more than one', () => {
    const page = render(authorizationsPage(authorizations({ authorizations: two })));
    expect(page).toMatch(
      /<details [^>]*>\s*<summary>Revoke all…[\s\S]*action="\/authorizations\/revoke-all"[\s\S]*<\/details>/,
    );
    expect(render(authorizationsPage(authorizations({ authorizations: two.slice(1) })))).not.toContain('revoke-all"');
  });

  test('says when each was authorized and last used', () => {
    const page = render(authorizationsPage(authorizations({ authorizations: two })));
    expect(page).toContain('12 October 2026 at 18:30 UTC');
    expect(page).toContain('2 hours ago');
    const { lastUsedAt: _, ...unused } = authorization();
    const lastUse = (changes: { grantedAt?: number }) =>
      render(authorizationsPage(authorizations({ authorizations: [{ ...unused, ...changes }] })));
    expect(lastUse({ grantedAt: authorizations().now - 60 })).toContain('Not used yet');
    // Rows of what was used long ago are gone.
    expect(lastUse({})).toContain('Not lately');
  });

  test('says what has been done', () => {
    const page = render(authorizationsPage(authorizations({ notice: html`Tailspin can no longer use your data.` })));
    expect(page).toContain('role="status">Tailspin can no longer use your data.</p>');
    expect(page).toContain('No service can use your data.');
  });
});

describe('a name that ends with a full stop', () => {
  test.each(Object.entries(hostilePages('Everything Inc.')))('ends no sentence of %s with two', (_name, sample) => {
    expect(render(sample).replace(/<[^>]*>/g, '')).not.toMatch(/Inc\.\./);
  });
});

describe('the home page', () => {
  test('leads a stranger to sign-in and a person to their authorizations', () => {
    expect(render(homePage({ ...site, addresses }))).toContain('href="/sign-in"');
    const page = render(homePage({ ...site, addresses, account, formToken: 't' }));
    expect(page).not.toContain('href="/sign-in"');
    expect(page).toContain('href="/authorizations">Manage authorizations</a>');
  });

  test('says to a person who is an operator where the console is, and what works from a shell', () => {
    const page = render(homePage({ ...site, addresses, account, role: 'operator' }));
    expect(page).toContain('href="/console"');
    const program = /node (infra\/hooks\/[\w-]+\.mjs)/.exec(page)?.[1] ?? '';
    expect(existsSync(program)).toBe(true);
    const command = /npx ([\w-]+)/.exec(page)?.[1] ?? '';
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Readonly<Record<string, string>> };
    expect(existsSync(bin[command] ?? '')).toBe(true);
  });

  test('tells operators, and only them, about the admin API', () => {
    expect(render(homePage({ ...site, addresses, account, role: 'operator' }))).toContain('/api/admin/apps');
    expect(render(homePage({ ...site, addresses, account }))).not.toContain('/api/admin/apps');
  });
});
