/** docs/cli.md: its walk through the local world is walked here, and its tables are the commands'. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { assent, checkout, execute } from '../support/cli.ts';
import { startStack } from '../support/stack.ts';

let page: string;
beforeAll(async () => {
  page = await readFile(join(checkout, 'docs/cli.md'), 'utf8');
});

describe('docs/cli.md', () => {
  it('shows commands that work as they stand, by npx', async () => {
    const [, script = ''] = /<!-- run -->\n```sh\n([\s\S]*?)\n```/.exec(page) ?? [];
    expect(script.match(/^npx assent /gm)?.length).toBeGreaterThan(8);
    const stack = await startStack();
    try {
      const here = script.replace('http://localhost:7071', stack.issuer);
      const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PORT: String(stack.ports.assent) };
      const run = await execute(['sh', '-e'], { env, input: here });
      expect(run).toMatchObject({ code: 0 });
      expect(run.stdout).toContain('Contoso Boards');
    } finally {
      await stack.stop();
      await rm(join(checkout, 'export.jsonl'), { force: true });
    }
  });

  it('lists exactly the commands that there are', async () => {
    const [, table = ''] = page.split('\n## Commands\n');
    const listed = [...(table.split('\n## ')[0]?.matchAll(/^\| `([a-z ]+)` \|/gm) ?? [])].map(([, name]) => name);
    const { stdout } = await assent([]);
    const there = [...stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)(?: [<[]\S+)* {2,}/gm)].map(([, name]) => name);
    expect(listed).toEqual(there);
  });

  it('lists exactly the checks of the doctor, and what they ask', async () => {
    const [, table = ''] = page.split('\n## Doctor\n');
    const listed = [...table.matchAll(/^\| `([a-z -]+)` \| (.+?) \|/gim)].map(([, check, asks]) => ({ check, asks }));
    const { stdout } = await assent(['doctor', 'http://127.0.0.1:1', '--json']);
    const made = JSON.parse(stdout) as readonly { check: string; asks: string }[];
    expect(listed).toEqual(made.map(({ check, asks }) => ({ check, asks })));
  });

  it('says what a command takes, for each, without a deployment', async () => {
    const { stdout } = await assent([]);
    const names = [...stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)(?: [<[]\S+)* {2,}/gm)].map(([, name = '']) => name);
    for (const name of names)
      expect(await assent([...name.split(' '), '--help'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`npx assent ${name}`),
      });
  });
});
