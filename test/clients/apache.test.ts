/** Debian's libapache2-mod-auth-openidc signs people in with the configuration that docs/clients.md shows. */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPerson } from '../support/person.ts';
import { register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { connectInBrowser, run } from './program.ts';

const isThere = ['/usr/sbin/apache2', '/usr/lib/apache2/modules/mod_auth_openidc.so'].every((file) => existsSync(file));
if (!isThere)
  console.warn('SKIPPED: Apache and libapache2-mod-auth-openidc are not here; .ci/clients.sh installs them');

/** What the module hands to the page: claims of the ID token and of userinfo. */
const page =
  '<p>Signed in as <!--#echo var="OIDC_CLAIM_name" --> with <!--#echo var="OIDC_CLAIM_email" --> by <!--#echo var="OIDC_CLAIM_iss" --></p>';

let stack: Stack;
let work: string;

beforeAll(async () => {
  stack = await startStack();
  work = await mkdtemp(join(tmpdir(), 'apache-'));
  // Apache gives up what root may do.
  await chmod(work, 0o755);
  await writeFile(join(work, 'index.html'), page);
});

afterAll(async () => {
  await stack.stop();
  await rm(work, { recursive: true });
});

describe('mod_auth_openidc', () => {
  it.skipIf(isThere)('is there once .ci/clients.sh has run', () => {
    expect(process.env.CLIENT_LIBRARIES).not.toBe('installed');
  });

  it.skipIf(!isThere)('[OI01][OI04] signs a person in, and has the claims of userinfo', async () => {
    const origin = `http://localhost:${stack.ports.service}`;
    const redirectUri = `${origin}/callback`;
    const { registration } = await register(stack.issuer, { client_name: 'Apache', redirect_uris: [redirectUri] });
    // fetch says of itself that it is a script, which the module would not send to sign in.
    const start = '/usr/sbin/apache2 -X -f "$PWD/apache/openidc.conf" -c "OIDCUnAuthAction auth true"';
    const apache = { name: 'apache2', command: ['sh', '-c', `echo "Open $HOME_PAGE "; exec ${start}`] } as const;
    const running = run(apache, {
      ISSUER: stack.issuer,
      CLIENT_ID: registration.clientId,
      CLIENT_SECRET: registration.secret ?? '',
      REDIRECT_URI: redirectUri,
      PORT: String(stack.ports.service),
      PASSPHRASE: 'of this test',
      WORK: work,
      HOME_PAGE: `${origin}/index.html`,
    });
    try {
      const alice = createPerson({
        login: 'alice',
        issuer: stack.issuer,
        providerIssuer: stack.provider.issuer,
        inside: [origin],
      });
      expect(await connectInBrowser(running, alice)).toContain(
        `Signed in as Alice Adams with alice@contoso.example by ${stack.issuer}`,
      );
    } finally {
      await running.stop();
    }
  });
});
