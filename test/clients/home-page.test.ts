/** The ten lines on the start page are a program that runs, for whoever puts an API behind this deployment by them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import { boundTokens, newDpopKey } from '../support/dpop.ts';
import { decodeEntities } from '../support/forms.ts';
import { personAt } from '../support/people.ts';
import { registerItself } from '../support/registration.ts';
import type { Service } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

const audience = 'https://mcp.example.com/mcp';
const permission = (id: string) => ({ id, category: 'Work items', name: id, description: id });
const resource = { identifier: audience, name: 'Work items', permissions: ['workitems.read', 'more'].map(permission) };

type Refused = { readonly status: number; readonly challenge: string };
type Authorize = (token?: string) => Promise<Refused | Readonly<Record<string, unknown>>>;

let stack: Stack;
let folder: string;
let authorize: Authorize;
let service: Service;

const pageOf = async (address: string): Promise<string> => (await fetch(address)).text();

const linesOn = async (address: string): Promise<string> =>
  decodeEntities(/<pre[^>]*><code>(.*?)<\/code><\/pre>/s.exec(await pageOf(address))?.[1] ?? '');

const mcpPage = new URL('../../docs/mcp.md', import.meta.url);

beforeAll(async () => {
  const other = { identifier: 'https://other.example.com', name: 'Other', permissions: [permission('other')] };
  stack = await startStack({ settings: { RESOURCES: JSON.stringify([resource, other]) } });
  // Where jose is found.
  folder = await mkdtemp(fileURLToPath(new URL('../../node_modules/.cache-ten-lines-', import.meta.url)));
  await writeFile(`${folder}/api.mjs`, await linesOn(stack.issuer));
  ({ authorize } = (await import(`${folder}/api.mjs`)) as { authorize: Authorize });
  const metadata = { redirect_uris: ['https://notes.example/callback'], token_endpoint_auth_method: 'none' };
  ({ service } = await registerItself(stack.issuer, metadata));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await stack.stop();
});

const challenge = (error: string) =>
  `Bearer ${error}scope="workitems.read", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`;

const tokenFor = async (scope: string): Promise<string> =>
  (await service.tokens(personAt(stack), { scope })).access_token;

it.each([
  ['the start page', async () => /<code id="entry">(.*?)<\/code>/s.exec(await pageOf(stack.issuer))?.[1] ?? ''],
  [
    'docs/mcp.md',
    async () => /```json\n(.*?)```/s.exec((await readFile(mcpPage, 'utf8')).replace(/^ {3}/gm, ''))?.[1] ?? '',
  ],
])('the entry of RESOURCES on %s is one', async (_name, entry) => {
  const [parsed] = parseResources([JSON.parse(decodeEntities(await entry()))].flat());
  expect(parsed?.identifier).toBe(audience);
  expect([...(parsed?.permissions.keys() ?? [])]).toContain('workitems.read');
});

describe('the ten lines on the start page', () => {
  it('are ten', async () => {
    const lines = (await linesOn(stack.issuer)).split('\n').filter((line) => /\w/.test(line));
    expect(lines).toHaveLength(10);
  });

  it('let in whoever has a good token, and tell others whom to ask', async () => {
    expect(await authorize(await tokenFor('workitems.read'))).toMatchObject({ aud: audience, scope: 'workitems.read' });
    expect(await authorize()).toEqual({ status: 401, challenge: challenge('') });
  });

  it('let nobody in with a token for another API, a forged one, or one that is bound to a key', async () => {
    const key = await newDpopKey();
    const code = await service.code(personAt(stack), { scope: 'workitems.read' });
    const good = await tokenFor('workitems.read');
    const bad = [
      await tokenFor('other'),
      `${good.slice(0, -8)}AAAAAAAA`,
      (await boundTokens(stack.issuer, service.registration, { code, key })).access_token,
    ];
    for (const token of bad)
      expect(await authorize(token)).toEqual({ status: 401, challenge: challenge('error="invalid_token", ') });
  });

  it('name the permission that is missing', async () => {
    const missing = { status: 403, challenge: challenge('error="insufficient_scope", ') };
    expect(await authorize(await tokenFor('more'))).toEqual(missing);
  });
});
