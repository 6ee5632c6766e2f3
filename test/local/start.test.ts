import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTaken } from '../../local/ports.ts';
import { codesOf, enterCode, registerDevice } from '../support/devices.ts';
import { formsIn } from '../support/forms.ts';
import { createPerson, type Page, type Person } from '../support/person.ts';

const start = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
const base = 8900 + Math.floor(Math.random() * 30) * 10;
const issuer = `http://localhost:${base}`;
const boards = `http://localhost:${base + 1}`;
const api = `http://localhost:${base + 2}`;
const startSeconds = 40;

let folder: string;

type Running = { readonly process: ChildProcess; readonly output: () => string };

/** As `npm start` does it. */
const runStart = (...args: readonly string[]): Promise<Running> => startedWith(args);

const startedWith = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Running> => {
  const child = spawn(process.execPath, [start, ...args], {
    env: { ...process.env, PORT: String(base), LOCAL_DATA_DIR: folder, ...environment },
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(`\nAssent is ready at ${issuer}\n`)) resolve();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('close', (code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
  return { process: child, output: () => output };
};

const end = async (running: Running, signal: NodeJS.Signals): Promise<number | null> => {
  const code = new Promise<number | null>((resolve) => running.process.once('close', resolve));
  running.process.kill(signal);
  return code;
};

const vaultFile = () => readFile(join(folder, 'vault.json'), 'utf8');

const alice = (): Person =>
  createPerson({ login: 'alice', issuer, providerIssuer: `http://localhost:${base + 3}`, inside: [boards] });

const pageOf = async (arrival: Promise<{ kind: string }>): Promise<Page> => {
  const page = await arrival;
  if (page.kind !== 'page') throw new Error('left the stack');
  return page as Page;
};

const press = (person: Person, page: Page, action: string): Promise<Page> => {
  const form = formsIn(page.html).find((candidate) => candidate.action === action);
  if (form === undefined) throw new Error(`no form for ${action}:\n${page.html}`);
  return pageOf(person.submit(page, form));
};

/** What was approved once is not asked again. */
const connect = async (person: Person): Promise<Page> => {
  const page = await pageOf(person.visit(`${boards}/connect`));
  return page.url.origin === boards ? page : pageOf(person.decide(page, { decision: 'approve' }));
};

let running: Running;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-start-'));
  running = await runStart();
}, startSeconds * 1000);

afterAll(async () => {
  if (running.process.exitCode === null) await end(running, 'SIGTERM');
  await rm(folder, { recursive: true, force: true });
}, startSeconds * 1000);

describe('npm start', () => {
  it('says what to open and who can sign in, and ends with the line that it is ready', () => {
    expect(running.output()).toContain(boards);
    expect(running.output()).toContain('alice, bob, olga (operator), audrey (auditor)');
    expect(running.output().trim().split('\n').at(-1)).toBe(`Assent is ready at ${issuer}`);
  });

  it('prints only addresses at which there is something to see', async () => {
    const printed = [...running.output().matchAll(/^ {2}\S.*? {2,}(http:\S+)$/gm)].map(([, url = '']) => url);
    expect(printed).toHaveLength(6);
    for (const url of printed.filter((one) => !one.endsWith('/mcp'))) {
      const page = await pageOf(alice().visit(url));
      expect([url, page.status, page.headers.get('content-type')]).toEqual([url, 200, 'text/html; charset=utf-8']);
    }
    // It tells apart who opens it and what calls it.
    const mcp = await fetch(`http://localhost:${base + 7}/mcp`, { headers: { accept: 'text/html' } });
    expect([mcp.status, mcp.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('refuses a second start on the same data, and says who has it', async () => {
    const second = startedWith([], { PORT: String(base + 400) });
    await expect(second).rejects.toThrow(new RegExp(`ended with 1:[\\s\\S]*in use by the Assent at ${issuer}`));
  });

  it('refuses an option that it does not know', async () => {
    await expect(startedWith(['--rest'])).rejects.toThrow(/"--rest" is not an option[\s\S]*--reset/);
  });

  it('connects the demo service, shows its work items, refreshes and disconnects', async () => {
    const person = alice();
    const connected = await connect(person);
    expect(connected.url.origin).toBe(boards);
    expect(connected.html).toContain('Show build results on the team dashboard');
    const refreshed = await press(person, connected, '/refresh');
    expect(refreshed.html).toContain('Access was refreshed.');
    expect((await press(person, refreshed, '/disconnect')).html).toContain('gave its access back');
    expect((await pageOf(person.visit(boards))).html).toContain('href="/connect"');
  });

  it('tells the demo service when its access was withdrawn', async () => {
    const person = alice();
    expect((await connect(person)).status).toBe(200);
    await press(person, await pageOf(person.visit(`${issuer}/authorizations`)), '/authorizations/revoke');
    expect((await pageOf(person.visit(boards))).html).toContain('Access was withdrawn.');
  });

  it('says where a device is that asks for codes, as a deployment does', async () => {
    const { registration } = await registerDevice(issuer);
    const { user_code } = await codesOf(issuer, registration);
    expect((await enterCode(alice(), issuer, user_code)).html).toContain('127.0.0.1');
  });

  it.each([
    ['without a token', undefined, 'Bearer realm="Contoso DevOps"'],
    ['with a token from elsewhere', 'a.b.c', 'Bearer realm="Contoso DevOps", error="invalid_token"'],
  ])('the demo API challenges who comes %s', async (_what, token, challenge) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/work-items`, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain(challenge);
  });

  it(
    'stops at SIGINT with code 0 and leaves nothing behind but its data',
    async () => {
      const before = await vaultFile();
      expect(await end(running, 'SIGINT')).toBe(0);
      for (let offset = 0; offset < 8; offset++) expect(await isTaken(base + offset)).toBe(false);
      running = await runStart();
      expect(await vaultFile()).toBe(before);
      expect(await end(running, 'SIGTERM')).toBe(0);
      running = await runStart('--reset');
      expect(await vaultFile()).not.toBe(before);
    },
    startSeconds * 3000,
  );
});
