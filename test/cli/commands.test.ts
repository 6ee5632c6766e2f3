/** The command line against a deployment: what it says, what it sends, and what it ends with. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../local/provider/users.ts';
import { adminWith, ownTokenOf } from '../support/admin.ts';
import { assent, type CliRun, checkout } from '../support/cli.ts';
import { signedInAt } from '../support/people.ts';
import { demoServices, register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let folder: string;
let operator: Readonly<Record<string, string>>;

beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), 'assent-cli-'));
  operator = {
    ASSENT_ISSUER: stack.issuer,
    ASSENT_CLIENT_ID: 'local-operator',
    ASSENT_CLIENT_SECRET: 'local-operator-secret',
  };
});

afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true });
});

const run = (words: string, env = operator): Promise<CliRun> => assent(words.split(' '), { env });

/** What it prints with --json. Rejects unless it was done. */
const json = async (words: string): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await run(`${words} --json`);
  if (code !== 0) throw new Error(`${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
};

/** As people: `az` is the local world's. */
const as = (login: string) => ({
  ASSENT_ISSUER: stack.issuer,
  PATH: `${checkout}local/bin:${process.env.PATH}`,
  PORT: String(stack.ports.assent),
  LOCAL_PERSON: login,
});

describe('whoever calls', () => {
  it('is the person who is signed in to the Azure CLI: the log names them', async () => {
    expect((await run('secrets add demo-service --days 1', as('olga'))).code).toBe(0);
    const token = await ownTokenOf(demoServices(stack.issuer).operator);
    const { body } = await adminWith(stack.issuer, token)('GET', 'audit?event=client.secret_added');
    const [event] = body.events as { actor: { id: string } }[];
    expect(event?.actor.id).toMatch(/^[0-9a-f-]{36}$/);
    const secrets = (await json('secrets list demo-service')).secrets as { id: string }[];
    for (const { id } of secrets.filter((one) => one.id !== 'demo'))
      expect((await run(`secrets remove demo-service ${id}`)).code).toBe(0);
  });

  const jwk = { format: 'jwk' } as const;
  const keys = {
    'an RSA key, as PEM': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    'an EC key, as PEM': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    'an Ed25519 key, as PEM': () => generateKeyPairSync('ed25519'),
  };

  it.each(Object.entries(keys))('may be a client with %s or a JWK', async (_, generate) => {
    const { publicKey, privateKey } = generate();
    const metadata = {
      client_name: 'Pipeline',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      scope: 'assent.audit',
      assent_operator: true,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...publicKey.export(jwk), kid: 'k1' }] },
    };
    const file = join(folder, 'metadata.json');
    await writeFile(file, JSON.stringify(metadata));
    const { client_id: id } = await json(`register --file ${file}`);
    const forms = [
      privateKey.export({ format: 'pem', type: 'pkcs8' }),
      JSON.stringify({ ...privateKey.export(jwk), kid: 'k1' }),
    ];
    for (const form of forms) {
      const keyFile = join(folder, 'key');
      await writeFile(keyFile, form);
      const env = { ASSENT_ISSUER: stack.issuer, ASSENT_CLIENT_ID: String(id), ASSENT_CLIENT_KEY_FILE: keyFile };
      expect(await run('list clients --limit 1', env)).toMatchObject({ code: 0, stderr: '' });
    }
  });

  const denials: Readonly<Record<string, readonly [() => Readonly<Record<string, string>>, string, number, RegExp]>> = {
    'without the Azure CLI': [() => ({ ...as('olga'), PATH: folder }), 'list clients', 3, /not installed.\n.*az login/],
    'signed in to it as nobody': [() => as('nobody'), 'list clients', 3, /Nobody is signed in.*\n.*az login/],
    'without a role': [() => as('alice'), 'list clients', 3, /Assent\.Operator/],
    'as an auditor who changes something': [() => as('audrey'), 'register --name X', 3, /auditors read/],
    'with a wrong secret': [() => ({ ...operator, ASSENT_CLIENT_SECRET: 'x' }), 'list clients', 3, /invalid_client/],
    'as a client that may not': [
      () => ({ ...operator, ASSENT_CLIENT_ID: 'demo-service', ASSENT_CLIENT_SECRET: 'demo-service-secret' }),
      'list clients',
      3,
      /mark of an operator/,
    ],
    'without a credential': [() => ({ ...operator, ASSENT_CLIENT_SECRET: '' }), 'list clients', 2, /must be, too/],
    'with a key that is not there': [
      () => ({ ...operator, ASSENT_CLIENT_KEY_FILE: '/nowhere/key' }),
      'list clients',
      2,
      /cannot be read: ENOENT/,
    ],
    'with a file that is no key': [
      () => ({ ...operator, ASSENT_CLIENT_KEY_FILE: `${checkout}package.json` }),
      'list clients',
      2,
      /no private key/,
    ],
  };

  it.each(Object.entries(denials))('is told what is missing: %s', async (_, [env, words, code, said]) => {
    expect(await run(words, env())).toEqual({ code, stdout: '', stderr: expect.stringMatching(said) });
  });
});

describe('a service', () => {
  it('is registered, gets a second secret, loses it, and is listed', async () => {
    const made = await run('register --name Reports --redirect-uri https://reports.example/callback --scope vso.work');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [, id, secret] = /client_id +(\S+)\n +client_secret +(\S+) /.exec(made.stdout) ?? [];
    expect(secret).toMatch(/^assent_cs_/);
    const added = await json(`secrets add ${id} --days 30`);
    expect(added.client_secret_expires_at).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400);
    const listed = await run(`secrets list ${id}`);
    expect(listed.stdout).toContain(String(added.id));
    expect(listed.stdout + listed.stderr).not.toContain('assent_cs_');
    expect((await run(`secrets remove ${id} ${added.id}`)).code).toBe(0);
    expect((await json(`secrets list ${id}`)).secrets).toHaveLength(1);
    expect((await run('list clients')).stdout).toMatch(new RegExp(`^${id} +Reports`, 'm'));
  });

  it('is in a list of several pages once, and a limit is kept', async () => {
    const token = await ownTokenOf(demoServices(stack.issuer).operator);
    const call = adminWith(stack.issuer, token);
    const name = `One of many ${randomUUID().slice(0, 6)}`;
    const body = { client_name: name, redirect_uris: ['https://many.example/callback'], scope: 'vso.work' };
    await Promise.all(Array.from({ length: 105 }, () => call('POST', 'apps', { body })));
    const all = JSON.parse((await run('list clients --json')).stdout) as { client_id: string; client_name: string }[];
    expect(all.filter((one) => one.client_name === name)).toHaveLength(105);
    expect(new Set(all.map((one) => one.client_id)).size).toBe(all.length);
    expect(JSON.parse((await run('list clients --limit 103 --json')).stdout)).toHaveLength(103);
  });

  it('that is refused is refused with reason, remedy and the id of the request', async () => {
    const refused = await run('register --name X --redirect-uri http://reports.example/');
    expect(refused).toEqual({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/redirect URI.*log as [0-9a-f-]{36}/),
    });
    expect(await run('secrets list nobody')).toMatchObject({ code: 4, stderr: expect.stringMatching(/list clients/) });
  });
});

describe('what people authorized', () => {
  const alice = users.find(({ login }) => login === 'alice');
  const bob = users.find(({ login }) => login === 'bob');
  const lists = (words: string): Promise<readonly Record<string, unknown>[]> =>
    json(words) as Promise<unknown> as Promise<readonly Record<string, unknown>[]>;

  it('is listed by person, however they are named, and by service', async () => {
    const service = await register(stack.issuer);
    await service.tokens(await signedInAt(stack, 'alice'));
    const hers = await lists(`list authorizations --person ${alice?.objectId}`);
    const one = hers.find((each) => each.client_id === service.registration.clientId);
    expect(one).toMatchObject({ client_id: service.registration.clientId, in_force: true, sessions: 1 });
    expect(await lists(`list authorizations --person ${one?.person}`)).toContainEqual(
      expect.objectContaining({ id: one?.id }),
    );
    // Accounts and services are indexed after the answer.
    const byAccount = async () => (await run(`list authorizations --person ${alice?.preferredUsername}`)).stdout;
    await expect.poll(byAccount, { timeout: 60_000 }).toContain(String(one?.id));
    const ofService = () => lists(`list authorizations --client ${service.registration.clientId}`);
    await expect.poll(ofService, { timeout: 60_000 }).toMatchObject([{ id: one?.id, name: 'Alice Adams' }]);
    const shown = await run(`list authorizations --person ${alice?.objectId}`);
    expect(shown.stdout).toMatch(new RegExp(`^${one?.id} +${service.registration.clientId} +20\\S+ +in force$`, 'm'));
  });

  it('is ended one by one', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(await signedInAt(stack, 'bob'));
    const all = await lists(`list authorizations --person ${bob?.objectId}`);
    const one = all.find((each) => each.client_id === service.registration.clientId);
    expect(await run(`revoke ${one?.id}`)).toMatchObject({ code: 0, stdout: 'Ended, with all of its sessions.\n' });
    expect((await service.refresh(tokens.refresh_token)).status).toBe(400);
  });

  it('is ended by a rule, which says first what it would end, and then how far it has come', async () => {
    const service = await register(stack.issuer);
    const tokens = await service.tokens(await signedInAt(stack, 'bob'));
    const rule = `revoke --client ${service.registration.clientId} --person ${bob?.objectId}`;
    await expect.poll(async () => (await run(rule)).stdout, { timeout: 60_000 }).toMatch(/^1 authorizations would end/);
    expect((await run(rule)).stdout).toContain('Nothing has been ended. --yes does it.');
    const after = await service.refresh(tokens.refresh_token);
    expect(after.status).toBe(200);
    const done = await run(`${rule} --yes`);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Ordered as \S+\.\n/) });
    expect(done.stdout).toMatch(/^Done: 1 of \d+ that were looked at were ended\.\n$/);
    const { refresh_token: latest } = (await after.json()) as { refresh_token: string };
    expect((await service.refresh(latest)).status).toBe(400);
    const [, id] = /^Ordered as (\S+)\./.exec(done.stderr) ?? [];
    expect(await json(`revoke --follow ${id}`)).toMatchObject({ state: 'done', ended: 1 });
    expect(await run(`revoke --stop ${id}`)).toMatchObject({ code: 4, stdout: '' });
  });

  it.each([
    ['revoke', /What\?.*--client/],
    ['revoke --client x --before yesterdayish', /--before takes a day/],
    ['revoke --client x --permission vso.work', /a resource, a space and a scope/],
  ])('is not ended by a rule that is none: %s', async (words, said) => {
    expect(await run(words)).toMatchObject({ code: 2, stderr: expect.stringMatching(said) });
  });

  it('is not listed of nobody, or of two at once', async () => {
    expect(await run('list authorizations --person nobody@contoso.example')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/Nobody of that name/),
    });
    for (const words of ['', ' --person a --client b']) expect((await run(`list authorizations${words}`)).code).toBe(2);
  });
});

describe('what operators rule', () => {
  it('is shown, looked ahead at, changed member by member, and put back', async () => {
    const before = await json('policy show');
    const ahead = await run('policy preview third_party_access=off');
    expect(ahead.stdout).toContain('Nobody can connect a service');
    expect(await json('policy show')).toEqual(before);
    const changed = await run('policy set sign_in.max_age_seconds=3600 registration=everyone');
    expect(changed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Changed\.\n/) });
    expect(await json('policy show')).toMatchObject({ registration: 'everyone', sign_in: { max_age_seconds: 3600 } });
    expect((await run('policy set sign_in.max_age_seconds= registration=operators')).code).toBe(0);
    expect(await json('policy show')).toEqual(before);
  });

  it('of one service is there as well', async () => {
    expect((await run('policy set --service demo-native access=blocked')).stdout).toMatch(/^Changed/);
    expect(await json('policy show --service demo-native')).toMatchObject({ access: 'blocked' });
    expect((await run('policy set --service demo-native access=default')).code).toBe(0);
  });

  it('is not overwritten by whoever has not read it', async () => {
    const file = join(folder, 'policy.json');
    await writeFile(file, JSON.stringify(await json('policy show')));
    const late = await run(`call replacePolicy If-Match="older" --file ${file}`);
    expect(late).toMatchObject({ code: 4, stderr: expect.stringMatching(/Somebody else changed it meanwhile/) });
    expect((await run(`call replacePolicy --file ${file}`)).code).toBe(0);
  });

  it('is tried for a person', async () => {
    const tried = await run('policy try --person nobody --service demo-web');
    expect(tried).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Contoso Boards, if it asked now: /) });
    expect(tried.stdout).toContain('Nobody with that id has ever signed in');
  });
});

describe('the audit log', () => {
  it('is taken along to a file that nobody else reads, or to the standard output', async () => {
    const file = join(folder, 'export.jsonl');
    const exported = await run(`audit export --output ${file}`);
    expect(exported).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('audit verify') });
    const [first = '', ...rest] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(first)).toMatchObject({ assent_audit: 1, issuer: stack.issuer });
    expect((await run('audit export')).stdout.split('\n').length).toBeGreaterThan(rest.length);
  });
});

describe('any operation', () => {
  it('is listed, and called with what it takes', async () => {
    expect((await run('call')).stdout).toMatch(/^readPolicy +auditor +Reads what operators rule/m);
    expect(await json('call readClient client_id=demo-web')).toMatchObject({ client_name: 'Contoso Boards' });
    const { id } = JSON.parse(
      (await assent(['call', 'issueRegistrationToken', '--file', '-'], { env: operator, input: '{"uses":1}' })).stdout,
    ) as { id: string };
    expect((await run(`call withdrawRegistrationToken id=${id}`)).stdout).toBe('Done.\n');
  });
});

describe('words that no command takes', () => {
  it.each([
    ['nonsense', /no command "nonsense"/],
    ['secrets', /no command "secrets"/],
    ['secrets add', /<client_id> is missing/],
    ['secrets add a b', /"b" is too much/],
    ['secrets add a --days 0', /whole number from 1 to 730/],
    ['list clients --colour', /colour/],
    ['list clients --timeout 0', /seconds/],
    ['list clients --issuer x', /no address/],
    ['list clients --issuer http://id.example.com', /not https/],
    ['list clients --issuer https://id.example.com/path', /an origin alone/],
    ['policy set', /What is to change/],
    ['policy set off', /name=value/],
    ['policy try --person x', /--service is missing/],
    ['register --file /nowhere', /cannot be read: ENOENT/],
    ['audit verify /nowhere', /cannot be read: ENOENT/],
    ['call nothing', /no operation nothing/],
    ['call readClient', /client_id is missing/],
    ['call readClient client_id=a other=b', /takes no other/],
  ])('%s', async (words, said) => {
    expect(await run(words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(said) });
  });

  it('without a deployment, say so', async () => {
    expect(await run('list clients', {})).toMatchObject({ code: 2, stderr: expect.stringMatching(/--issuer/) });
  });
});
