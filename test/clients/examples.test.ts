/** Every program of docs/clients.md runs here as it stands there, with a person who signs in and approves. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoApi } from '../../local/demo/api.ts';
import type { Listening } from '../../local/listen.ts';
import { createPerson } from '../support/person.ts';
import { register } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Example, examples, examplesFolder, isThere } from './examples.ts';
import { connectInBrowser, connectInTerminal, run } from './program.ts';

let stack: Stack;
let api: Listening;

beforeAll(async () => {
  stack = await startStack();
  api = await startDemoApi({ port: 0, issuer: stack.issuer });
});

afterAll(async () => {
  await api.stop();
  await stack.stop();
});

/**
 * A registration of its own, as its owner would make it: a secret, and nothing about how it is sent. The port is the stack's
 * for a service, which has none here.
 */
const environmentFor = async ({ file }: Example) => {
  const redirectUri = `http://localhost:${stack.ports.service}/callback`;
  const { registration } = await register(stack.issuer, { client_name: file, redirect_uris: [redirectUri] });
  return {
    ISSUER: stack.issuer,
    CLIENT_ID: registration.clientId,
    CLIENT_SECRET: registration.secret ?? '',
    REDIRECT_URI: redirectUri,
    API: api.url,
  };
};

describe.each(examples)('$name', (example) => {
  const there = isThere(example);
  if (!there) console.warn(`SKIPPED: ${example.file} cannot run here; .ci/clients.sh installs what it needs`);

  // .NET's SDK is no package of Debian's.
  it.skipIf(there || example.command[0] === 'dotnet')('is there once .ci/clients.sh has run', () => {
    expect(process.env.CLIENT_LIBRARIES).not.toBe('installed');
  });

  it.skipIf(!there)('connects as docs/clients.md shows it, and reads work items', async () => {
    const environment = await environmentFor(example);
    const inside = [new URL(environment.REDIRECT_URI).origin];
    const providerIssuer = stack.provider.issuer;
    const alice = createPerson({ login: 'alice', issuer: stack.issuer, providerIssuer });
    const running = run(example, environment);
    try {
      const shown =
        example.kind === 'terminal'
          ? await connectInTerminal(running, alice)
          : await connectInBrowser(
              running,
              createPerson({ login: 'alice', issuer: stack.issuer, providerIssuer, inside }),
            );
      expect(shown.includes('Signed in as Alice Adams')).toBe(example.signsIn === true);
      expect(shown).toMatch(
        /\b4 work items, with (openid profile )?vso.code vso.work|Show build results on the team dashboard/,
      );
    } finally {
      await running.stop();
    }
    const page = await alice.visit(`${stack.issuer}/authorizations`);
    const gaveBack =
      page.kind === 'page' && page.html.replace(/<[^>]*>/g, '').includes(`${example.file} gave its access back`);
    expect(gaveBack).toBe(example.givesBack);
  });
});

describe('when a person approves less than was asked for', () => {
  /** What it prints after the answer, and its exit code; with its text changed so. */
  const outcome = async (example: Example, command = example.command) => {
    const running = run({ ...example, command }, await environmentFor(example));
    const bob = createPerson({ login: 'bob', issuer: stack.issuer, providerIssuer: stack.provider.issuer });
    const answer = await bob.authorize(await running.opened, { decision: 'approve', permissions: ['vso.work'] });
    running.type(answer.href);
    const { code, output } = await running.ended;
    return { code, shown: output.split('came back to:').at(-1) ?? '' };
  };

  const inTerminal = examples.filter((example) => example.kind === 'terminal' && isThere(example));

  it.each(inTerminal)('$name goes on with that, and refreshes it', async (example) => {
    const { code, shown } = await outcome(example);
    expect({ code, shown }).toEqual({ code: 0, shown: expect.stringContaining('vso.work') });
    expect(shown).not.toContain('vso.code');
  });

  const oauthlib = inTerminal.find(({ name }) => name === 'Python: requests-oauthlib');
  it.skipIf(oauthlib === undefined)('requests-oauthlib fails where its program does not relax the scope', async () => {
    const { file, command } = oauthlib as Example;
    const program = await readFile(`${examplesFolder}${file}`, 'utf8');
    const strict = program.replace(/^os.environ\["OAUTHLIB_RELAX.*$/m, '');
    const { shown } = await outcome(oauthlib as Example, [command[0], '-c', strict]);
    expect(shown).toContain('Scope has changed');
  });
});
