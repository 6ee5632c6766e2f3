/** `npx assent doctor`: each of its checks, at a deployment where that is wrong. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../local/certificate.ts';
import { signInIdentity } from '../../local/identity/identities.ts';
import { settingsOf } from '../infra/deployment.ts';
import { inWorld, newWorld, type World } from '../infra/stand-ins/azure.ts';
import { assent, type CliRun, checkout } from '../support/cli.ts';
import { type Change, type Relayed, startLikeness } from '../support/likeness.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.stop());

type Result = {
  readonly check: string;
  readonly state: 'good' | 'findings' | 'not looked at';
  readonly findings: readonly { readonly problem: string; readonly remedy: string }[];
  readonly note?: string;
};

type Circumstances = { readonly env?: Readonly<Record<string, string>>; readonly words?: readonly string[] };

const client = { ASSENT_CLIENT_ID: 'local-operator', ASSENT_CLIENT_SECRET: 'local-operator-secret' };

/** Runs it at a likeness of the stack. */
const doctorAt = async (change: Change, { env = client, words = [] }: Circumstances = {}): Promise<CliRun> => {
  const likeness = await startLikeness(stack.issuer, change);
  try {
    return await assent(['doctor', likeness.issuer, ...words], { env });
  } finally {
    likeness.stop();
  }
};

const resultsOf = ({ stdout }: CliRun): Readonly<Record<string, Result>> =>
  Object.fromEntries((JSON.parse(stdout) as Result[]).map((one) => [one.check, one]));

const unchanged: Change = () => {};

const at =
  (wanted: string, change: (answer: Relayed) => void): Change =>
  (path, answer) => {
    if (path.startsWith(wanted)) change(answer);
  };

const answering =
  (status: number) =>
  (answer: Relayed): void => {
    answer.status = status;
  };

type Json = Record<string, unknown>;

const jsonAt = (wanted: string, change: (body: Json) => unknown): Change =>
  at(wanted, (answer) => {
    const body = JSON.parse(answer.text) as Json;
    answer.text = JSON.stringify(change(body) ?? body);
  });

const deployment = (change: (body: Json) => unknown): Change => jsonAt('/api/admin/deployment', change);
const setting = (name: string, value: string): Change =>
  deployment((body) => Object.assign(body.settings as Json, { [name]: value }) && undefined);
const signingKey = (facts: Json): Change =>
  deployment((body) => Object.assign((body.signing_keys as Json[])[0] ?? {}, facts) && undefined);
const header = (name: string, value?: string): Change =>
  at('/', ({ headers }) => (value === undefined ? headers.delete(name) : headers.set(name, value)));
const notReady = (name: string, state: string): Change =>
  jsonAt('/readyz', (body) => Object.assign(body.dependencies as Json, { [name]: state }) && undefined);
const late =
  (change: Change): Change =>
  (path, answer) => {
    change(path, answer);
    if (path === '/readyz') answer.status = 503;
  };
const keySet = (change: (keys: Json[]) => unknown): Change =>
  jsonAt('/.well-known/jwks.json', (body) => ({ keys: change(body.keys as Json[]) }));

const now = Math.floor(Date.now() / 1000);
const day = 86_400;
const dateIn = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

/** What is wrong -> how it comes about, the check that finds it, and what that says. */
const wrong: Readonly<Record<string, readonly [Change, string, RegExp]>> = {
  'a process that does not answer': [at('/healthz', answering(500)), 'health', /healthz answered 500/],
  'tables that are away': [late(notReady('storage', 'not available')), 'health', /storage is not available/],
  'a vault that is away': [late(notReady('signing', 'not available')), 'health', /signing is not available/],
  'no application to sign in through': [
    late(notReady('sign-in', 'not configured')),
    'health',
    /sign-in is not configured/,
  ],
  'metadata of another issuer': [
    jsonAt('/.well-known/oauth-authorization-server', (body) => ({ ...body, issuer: 'https://other.example' })),
    'discovery',
    /issuer in the document of RFC 8414 is https:\/\/other\.example/,
  ],
  'an endpoint elsewhere': [
    jsonAt('/.well-known/', (body) => ({ ...body, token_endpoint: 'https://other.example/token' })),
    'discovery',
    /token_endpoint of RFC 8414 is elsewhere/,
  ],
  'documents that differ': [
    jsonAt('/.well-known/openid-configuration', (body) => ({ ...body, scopes_supported: [] })),
    'discovery',
    /two discovery documents differ/,
  ],
  'no metadata': [at('/.well-known/oauth', answering(404)), 'discovery', /RFC 8414 answered 404/],
  'a description of another address': [
    jsonAt('/api/openapi.json', (body) => ({ ...body, servers: [{ url: 'https://other.example' }] })),
    'discovery',
    /does not describe this address/,
  ],
  'no keys': [keySet(() => []), 'keys', /without keys/],
  'a private key': [keySet((keys) => keys.map((key) => ({ ...key, d: 'x' }))), 'keys', /shows its private half/],
  'two keys with one kid': [keySet((keys) => [...keys, ...keys]), 'keys', /Two keys have one kid/],
  'keys that are cached for long': [
    at('/.well-known/jwks.json', ({ headers }) => headers.set('cache-control', 'public, max-age=86400')),
    'keys',
    /cached for 86400 seconds/,
  ],
  'a clock that is ten minutes fast': [header('date', dateIn(600)), 'clocks', /\d{3} seconds ahead of ours/],
  'a clock that is ten minutes slow': [header('date', dateIn(-600)), 'clocks', /\d{3} seconds behind ours/],
  'no clock at all': [header('date'), 'clocks', /have no Date/],
  'pages without a policy': [header('content-security-policy'), 'headers', /content-security-policy is missing/],
  'pages that can be framed': [
    header('content-security-policy', "default-src 'self'"),
    'headers',
    /pages can be framed/,
  ],
  'guessed content types': [header('x-content-type-options'), 'headers', /content types can be guessed/],
  'addresses that leak': [header('referrer-policy', 'unsafe-url'), 'headers', /referrer-policy is unsafe-url/],
  'a key that nobody rotated': [
    signingKey({ created_at: now - 101 * day }),
    'key rotation',
    /101 days old: it should be rotated after 90/,
  ],
  'a key that ends': [signingKey({ expires_at: now + 10 * day + 60 }), 'key rotation', /ends in 10 days/],
  'vaults that nobody can read': [
    deployment(({ signing_keys: _, ...body }) => body),
    'key rotation',
    /how old the keys are is not known/,
  ],
  'another ISSUER': [setting('ISSUER', 'https://other.example'), 'settings', /ISSUER is https:\/\/other\.example/],
  'an application that is none': [
    setting('SIGN_IN_CLIENT_ID', '00000000-0000-0000-0000-000000000000'),
    'settings',
    /No application is registered/,
  ],
  'no API': [setting('RESOURCES', '[]'), 'settings', /RESOURCES names no API/],
  'tokens of two hours': [setting('ACCESS_TOKEN_SECONDS', '7200'), 'settings', /ACCESS_TOKEN_SECONDS is 7200/],
  'another setting than the template’s': [
    setting('SIGN_IN_SUBJECT_CLAIM', 'sub'),
    'settings',
    /SIGN_IN_SUBJECT_CLAIM is sub; the template gives it oid/,
  ],
  'a provider that is another': [
    (path, answer) => setting('SIGN_IN_ISSUER', `${stack.issuer}/tenant`)(path, answer),
    'sign-in provider',
    /The document of .*\/tenant answered 404/,
  ],
  'another version': [deployment((body) => ({ ...body, version: '0.0.9' })), 'version', /runs version 0\.0\.9/],
  'a build of a commit that nobody has here': [
    deployment((body) => ({ ...body, commit: 'f'.repeat(40) })),
    'version',
    /built from ffffffffffff, which this checkout does not know/,
  ],
  'a vault that throttles': [
    deployment((body) => ({ ...body, vault_throttles: true })),
    'limits',
    /Key Vault refuses signatures/,
  ],
  'a secret that ends': [
    jsonAt('/api/admin/apps', (body) => {
      const [first] = body.apps as Json[];
      Object.assign(first ?? {}, { assent_warnings: ['The secret x ends on Monday.'] });
    }),
    'limits',
    /The secret x ends on Monday/,
  ],
};

describe('the doctor', () => {
  it('sends for another secret where one ends, and for the picture where that is missing', async () => {
    const warned = jsonAt('/api/admin/apps', (body) => {
      const [first] = body.apps as Json[];
      Object.assign(first ?? {}, {
        client_id: 'app-x',
        assent_warnings: ['secret x expires', 'logo_uri gave nothing'],
      });
    });
    const { limits } = resultsOf(await doctorAt(warned, { words: ['--json'] }));
    expect(limits?.findings.map(({ remedy }) => remedy)).toEqual([
      'npx assent secrets add app-x',
      expect.stringContaining('replaceClient client_id=app-x --file client.json'),
    ]);
  });

  it('finds nothing at a deployment that is well, and says what it could not look at', async () => {
    const run = await doctorAt(unchanged);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/\n0 findings; 11 of 16 checks could be made\.\n$/);
    expect(run.stdout).toContain('Local operator, local-operator: operator, reads and changes everything');
    expect(run.stdout).toMatch(/^not looked at {2}application: .*The Azure CLI is not installed/m);
  });

  it.each(Object.entries(wrong))('finds %s, and says what to do', async (_, [change, check, said]) => {
    const run = await doctorAt(change, { words: ['--json'] });
    const { [check]: found } = resultsOf(run);
    expect(run.code).toBe(1);
    expect(found?.state).toBe('findings');
    expect(found?.findings.map(({ problem }) => problem).join('\n')).toMatch(said);
    for (const { remedy } of found?.findings ?? []) expect(remedy.length).toBeGreaterThan(15);
  });

  it.each([
    [20, /ends in 1[89] days/],
    [2, /ends in 0 days/],
    [1, /CERT_HAS_EXPIRED/],
    [100, undefined],
  ])('looks at how long the certificate is good: %i days', async (days, said) => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-tls-'));
    const certificate = await makeCertificate(folder, days);
    const likeness = await startLikeness(stack.issuer, unchanged, certificate);
    const env = { NODE_EXTRA_CA_CERTS: certificate.authorityFile };
    const results = resultsOf(await assent(['doctor', likeness.issuer, '--json'], { env }));
    likeness.stop();
    await rm(folder, { recursive: true });
    const problems = results.certificate?.findings.map(({ problem }) => problem).join('\n');
    if (said === undefined) expect(results.certificate).toMatchObject({ state: 'good', note: '98 days left' });
    else expect(problems).toMatch(said);
  });

  it('wants browsers to come back by https alone, where it is https', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assent-tls-'));
    const certificate = await makeCertificate(folder);
    const likeness = await startLikeness(stack.issuer, unchanged, certificate);
    const env = { NODE_EXTRA_CA_CERTS: certificate.authorityFile };
    const { headers } = resultsOf(await assent(['doctor', likeness.issuer, '--json'], { env }));
    likeness.stop();
    await rm(folder, { recursive: true });
    // The stack knows no https.
    expect(headers?.findings.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^strict-transport-security is missing/),
    ]);
  });

  it('sends to chapters that are there', async () => {
    const manual = await readFile(join(checkout, 'infra/README.md'), 'utf8');
    for (const file of ['public', 'administrator', 'azure']) {
      const text = await readFile(join(checkout, `cli/doctor/${file}.mjs`), 'utf8');
      for (const [, chapter] of text.matchAll(/infra\/README\.md, ([A-Z][a-z ]+)/g))
        expect(manual).toContain(`\n## ${chapter}\n`);
      for (const [, page = ''] of text.matchAll(/(docs\/[\w-]+\.md)/g))
        expect(existsSync(join(checkout, page))).toBe(true);
    }
  });

  it('shows each finding with its remedy', async () => {
    const { stdout } = await doctorAt(setting('RESOURCES', '[]'));
    expect(stdout).toMatch(/^findings {7}settings: .*\n {4}RESOURCES names no API.*\n {6}-> azd env set RESOURCES/m);
  });

  it('says of an address where nothing is that it does not answer', async () => {
    const run = await assent(['doctor', 'http://127.0.0.1:1', '--json'], { env: client });
    const results = resultsOf(run);
    expect(run.code).toBe(1);
    expect(results.health?.findings[0]?.problem).toMatch(/could not be reached/);
    expect(results.role?.state).toBe('not looked at');
  });

  it('looks at what anybody can see where nobody is signed in', async () => {
    const results = resultsOf(await doctorAt(unchanged, { env: {}, words: ['--json'] }));
    const states = Object.values(results).map(({ state }) => state);
    expect(states.filter((state) => state === 'good')).toHaveLength(5);
    expect(states.filter((state) => state === 'not looked at')).toHaveLength(11);
  });

  it('finds that a client is refused', async () => {
    const env = { ...client, ASSENT_CLIENT_SECRET: 'wrong' };
    const { role } = resultsOf(await doctorAt(unchanged, { env, words: ['--json'] }));
    expect(role?.findings[0]?.problem).toMatch(/invalid_client/);
  });
});

describe('with the Azure CLI', () => {
  /** The directory and the platform as provisioning leaves them, and as the stack believes them to be. */
  const healthy = async (): Promise<World> => {
    const { SIGN_IN_ISSUER = '' } = stack.settings;
    const scope = { id: 'scope-1', value: 'Admin.Manage', isEnabled: true };
    const world = newWorld();
    world.assentToken = await stack.provider.personToken('olga');
    world.principals = [signInIdentity.clientId];
    world.objectIds = { [signInIdentity.clientId]: signInIdentity.principalId };
    const credential = {
      name: 'assent',
      issuer: SIGN_IN_ISSUER,
      subject: signInIdentity.principalId,
      audiences: ['api://AzureADTokenExchange'],
    };
    const known = { appId: 'assent', id: 'object-1', displayName: 'Assent', owners: [], credentials: [credential] };
    world.apps = [
      {
        ...known,
        appRoles: [{ value: 'Assent.Operator' }, { value: 'assent.auditor' }],
        web: { redirectUris: [] },
        optionalClaims: { idToken: [{ name: 'auth_time' }] },
        api: {
          requestedAccessTokenVersion: 2,
          oauth2PermissionScopes: [scope],
          preAuthorizedApplications: [
            { appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', delegatedPermissionIds: ['scope-1'] },
          ],
        },
      },
    ];
    world.appSettings = Object.entries(settingsOf()).map(([name, value]) => ({ name, value }));
    return world;
  };

  /** As far as they depend on the address of the likeness. */
  const bound = (world: World, issuer: string): void => {
    const [app] = world.apps;
    if (app !== undefined && app.web.redirectUris.length === 0)
      world.apps = [{ ...app, web: { redirectUris: [`${issuer}/sign-in/callback`] } }];
    const site = { name: 'func-test', resourceGroup: 'rg-test', defaultHostName: 'x', tags: {} };
    if (world.functionApps.length === 0) world.functionApps = [{ ...site, hostNames: [new URL(issuer).host] }];
  };

  const examined = async (change: (world: World) => void): Promise<Readonly<Record<string, Result>>> => {
    const likeness = await startLikeness(stack.issuer, unchanged);
    const world = await healthy();
    change(world);
    bound(world, likeness.issuer);
    try {
      return await inWorld(world, ['az'], async (env) =>
        resultsOf(await assent(['doctor', '--json', '--issuer', likeness.issuer], { env })),
      );
    } finally {
      likeness.stop();
    }
  };

  const changeApp =
    (change: Record<string, unknown>) =>
    (world: World): void => {
      world.apps = world.apps.map((app) => ({ ...app, ...change }));
    };

  const changeApi =
    (change: Record<string, unknown>) =>
    (world: World): void => {
      world.apps = world.apps.map((app) => ({ ...app, api: { ...app.api, ...change } }));
    };

  const changeCredential =
    (change: Record<string, unknown>) =>
    (world: World): void => {
      world.apps = world.apps.map((app) => ({
        ...app,
        credentials: app.credentials.map((one) => ({ ...one, ...change })),
      }));
    };

  const wrongInAzure: Readonly<Record<string, readonly [(world: World) => void, string, RegExp]>> = {
    'no way back from sign-in': [
      changeApp({ web: { redirectUris: ['https://old.example/sign-in/callback'] } }),
      'application',
      /redirect URI http:.* is missing/,
    ],
    'a role that is missing': [
      changeApp({ appRoles: [{ value: 'Assent.Operator' }] }),
      'application',
      /role Assent\.Auditor/,
    ],
    'no auth_time': [changeApp({ optionalClaims: { idToken: [] } }), 'application', /auth_time/],
    'nothing for the Azure CLI to ask for': [
      changeApi({ oauth2PermissionScopes: [] }),
      'application',
      /expose Admin\.Manage/,
    ],
    'an Azure CLI that must not ask': [changeApi({ preAuthorizedApplications: [] }), 'application', /without consent/],
    'tokens of version 1': [changeApi({ requestedAccessTokenVersion: null }), 'application', /version 1/],
    'no federated credential': [changeApp({ credentials: [] }), 'federated credential', /No credential is for/],
    'one of another identity': [changeCredential({ subject: 'old' }), 'federated credential', /No credential is for/],
    'one of another tenant': [
      changeCredential({ issuer: 'https://login.microsoftonline.com/other/v2.0' }),
      'federated credential',
      /another issuer or audience/,
    ],
    'one of another cloud': [
      changeCredential({ audiences: ['api://AzureADTokenExchangeChina'] }),
      'federated credential',
      /another issuer or audience/,
    ],
    'a setting that is missing': [
      (world) => {
        world.appSettings = world.appSettings.filter(({ name }) => name !== 'SWEEP_ROWS');
      },
      'settings in Azure',
      /Missing: SWEEP_ROWS/,
    ],
    'a setting made by hand': [
      (world) => void world.appSettings.push({ name: 'MADE_BY_HAND', value: '1' }),
      'settings in Azure',
      /Not of the template: MADE_BY_HAND/,
    ],
    'a setting that was changed': [
      (world) => {
        world.appSettings = world.appSettings.map((one) =>
          one.name === 'AzureWebJobsDisableHomepage' ? { ...one, value: 'false' } : one,
        );
      },
      'settings in Azure',
      /AzureWebJobsDisableHomepage is false; the template gives it true/,
    ],
    'a vault that refused calls': [
      (world) => {
        world.throttled = 7;
      },
      'vault limits',
      /refused 7 calls/,
    ],
  };

  it('looks at everything as whoever is signed in to it, and finds nothing where all is well', async () => {
    const results = await examined(() => {});
    const others = Object.values(results).filter(({ state }) => state !== 'good');
    expect(others.map(({ check }) => check)).toEqual(['certificate']);
    expect(results.role?.note).toMatch(/^Olga Operator, [0-9a-f-]{36}: operator/);
  });

  it.each(Object.entries(wrongInAzure))('finds %s', async (_, [change, check, said]) => {
    const { [check]: found } = await examined(change);
    expect(found?.findings.map(({ problem }) => problem).join('\n')).toMatch(said);
  });

  it('says what this account may not see', async () => {
    const results = await examined((world) => {
      world.denied = ['az ad app', 'az monitor'];
      world.functionApps = [{ name: 'x', resourceGroup: 'x', defaultHostName: 'x', tags: {}, hostNames: ['other'] }];
    });
    for (const check of ['application', 'federated credential', 'vault limits', 'settings in Azure'])
      expect([check, results[check]?.state]).toEqual([check, 'not looked at']);
  });
});
