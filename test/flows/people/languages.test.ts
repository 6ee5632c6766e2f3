/** A person reads the language that the service asked for, else their browser's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { words as german } from '../../../src/pages/words/de.ts';
import { signedInAt } from '../../support/people.ts';
import { demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

const read = async (path: string, acceptLanguage?: string): Promise<string> => {
  const headers = acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage };
  return (await fetch(`${stack.issuer}${path}`, { headers })).text();
};

it('is the browser’s on a page of their own', async () => {
  expect(await read('/')).toContain('<html lang="en" dir="ltr">');
  expect(await read('/', 'de-DE,de;q=0.9')).toContain('Sie entscheiden, wer Ihre Daten nutzt');
  expect(await read('/', 'ar')).toContain('<html lang="ar" dir="rtl">');
});

it('is the browser’s where somebody chooses what their service may ask for', async () => {
  const olga = await signedInAt(stack, 'olga');
  const answer = await olga.send(`${stack.issuer}/apps/new`, { headers: { 'accept-language': 'de' } });
  const html = await answer.text();
  const { permissions, areas } = german.catalogue;
  expect(html).toContain(permissions['vso.code']?.name);
  expect(html).toContain(areas['Source code']);
  expect(html).not.toContain('See your source code');
});

it('is the browser’s on a page that refuses', async () => {
  expect(await read('/nothing', 'fr')).toContain('Il n’y a rien ici');
  expect(await read('/authorize?client_id=nobody', 'ja')).toContain('このサービスは登録されていません');
});

it('is the service’s, where it says one that there is (OpenID Connect Core §3.1.2.1)', async () => {
  expect(await read('/authorize?client_id=nobody&ui_locales=xx+es', 'de')).toContain('No conocemos este servicio');
  expect(await read('/end-session?post_logout_redirect_uri=x&ui_locales=fr', 'de')).toContain('<html lang="fr"');
});

it('travels on to the sign-in provider', async () => {
  const { web } = demoServices(stack.issuer);
  const { url } = web.authorization({ ui_locales: 'de-CH en' });
  const answer = await fetch(url, { redirect: 'manual' });
  expect(new URL(answer.headers.get('location') ?? '').searchParams.get('ui_locales')).toBe('de-CH en');
});

it('is one of those that the metadata names', async () => {
  const metadata = JSON.parse(await read('/.well-known/openid-configuration')) as Record<string, unknown>;
  expect(metadata.ui_locales_supported).toEqual(['en', 'de', 'fr', 'es', 'ja', 'ar']);
});
