/** Debian's libapache2-mod-auth-openidc, as a stranger: answers in a form, and both ways to sign out. */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsIn } from '../support/forms.ts';
import { createPerson, type Person } from '../support/person.ts';
import { register } from '../support/service.ts';
import { signOut } from '../support/sign-out.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { connectInBrowser, type Running, run } from './program.ts';

const isThere = ['/usr/sbin/apache2', '/usr/lib/apache2/modules/mod_auth_openidc.so'].every((file) => existsSync(file));
if (!isThere)
  console.warn('SKIPPED: Apache and libapache2-mod-auth-openidc are not here; .ci/clients.sh installs them');

let stack: Stack;
let work: string;
let origin: string;
let alice: Person;
let running: Running | undefined;

beforeAll(async () => {
  if (!isThere) return;
  stack = await startStack();
  work = await mkdtemp(join(tmpdir(), 'apache-'));
  // Apache gives up what root may do.
  await chmod(work, 0o755);
  await writeFile(join(work, 'index.html'), 'Signed in as <!--#echo var="OIDC_CLAIM_sub" -->');
  await writeFile(join(work, 'bye.html'), 'Bye');
  origin = `http://localhost:${stack.ports.service}`;
  const { registration } = await register(stack.issuer, {
    client_name: 'Apache',
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/bye.html`],
    backchannel_logout_uri: `${origin}/callback?logout=backchannel`,
  });
  // fetch says of itself that it is a script, which the module would not send to sign in.
  const more = [
    'OIDCUnAuthAction auth true',
    'OIDCSSLValidateServer Off',
    '<Location /bye.html>',
    'AuthType None',
    'Require all granted',
    '</Location>',
  ];
  const start = `/usr/sbin/apache2 -X -f "$PWD/apache/openidc.conf" ${more.map((line) => `-c '${line}'`).join(' ')}`;
  running = run(
    { name: 'apache2', command: ['sh', '-c', `echo "Open $HOME_PAGE "; exec ${start}`] },
    {
      ISSUER: stack.issuer,
      CLIENT_ID: registration.clientId,
      CLIENT_SECRET: registration.secret ?? '',
      REDIRECT_URI: `${origin}/callback`,
      PORT: String(stack.ports.service),
      PASSPHRASE: 'of this test',
      WORK: work,
      HOME_PAGE: `${origin}/index.html`,
    },
  );
  alice = createPerson({
    login: 'alice',
    issuer: stack.issuer,
    providerIssuer: stack.provider.issuer,
    inside: [origin],
  });
});

afterAll(async () => {
  await running?.stop();
  await stack?.stop();
  if (work !== undefined) await rm(work, { recursive: true });
});

/** What the module answers at its page, to this browser as it is. */
const page = (): Promise<Response> => alice.send(`${origin}/index.html`);

describe.skipIf(!isThere)('mod_auth_openidc', () => {
  it('[LO01] signs the person out at both, and they come back to its page', async () => {
    if (running === undefined) throw new Error('Apache has not started');
    expect(await connectInBrowser(running, alice)).toContain('Signed in as');
    const end = await alice.visit(`${origin}/callback?logout=${encodeURIComponent(`${origin}/bye.html`)}`);
    if (end.kind !== 'page') throw new Error('the person left');
    expect([end.url.pathname, end.html]).toEqual(['/bye.html', 'Bye']);
    expect((await page()).status).toBe(302);
    expect(formsIn(end.html)).toEqual([]);
  });

  it('[LO05] verifies the logout token, and forgets whom it signed in', async () => {
    const arrival = await alice.visit(`${origin}/index.html`);
    expect(arrival.kind === 'page' && arrival.html).toContain('Signed in as');
    expect((await page()).status).toBe(200);
    await signOut(alice, stack);
    expect((await page()).status).toBe(302);
  });
});
