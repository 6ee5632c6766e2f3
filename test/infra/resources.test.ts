/** The file of resources: its schema, and the command that checks it before anything is deployed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';

const root = process.cwd();
const file = join(mkdtempSync(join(tmpdir(), 'resources-')), 'resources.json');

const run = async (argument: string) => {
  const node = join(root, 'node_modules/.bin/node');
  try {
    const { stdout } = await promisify(execFile)(node, [join(root, 'scripts/check-resources.mjs'), argument]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stderr } = error as { readonly code: number; readonly stderr: string };
    return { code, output: stderr };
  }
};

const check = (value: unknown) => {
  writeFileSync(file, JSON.stringify(value));
  return run(file);
};

const good = { id: 'see', name: 'See', description: 'See it.', 'name#de': 'Sehen' };
const withPermissions = (...permissions: readonly object[]) => [
  { identifier: 'https://api.example', name: 'API', permissions },
];

describe('a file of resources', () => {
  it('passes the check of the pipeline where the server would take it', async () => {
    expect(await check(withPermissions(good))).toEqual({ code: 0, output: expect.stringContaining('1 API') });
  });

  it('fails with every problem, each in its place', async () => {
    const { code, output } = await check(withPermissions({ ...good, inheritsFrom: 'x' }, good));
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([
      expect.stringContaining('https://api.example: permissions.0.inheritsFrom: names no permission of this resource'),
      expect.stringContaining('https://api.example: permissions.1.id: is there twice'),
    ]);
  });

  it('has a JSON Schema that is the shape which the server reads by', async () => {
    const { output } = await run('--schema');
    const committed = readFileSync(join(root, 'infra/resources.schema.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(output));
    const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(committed));
    expect(isValid(withPermissions(good))).toBe(true);
    for (const wrong of [
      { ...good, name: undefined },
      { ...good, descripton: 'x' },
      { ...good, id: 'a b' },
    ])
      expect(isValid(JSON.parse(JSON.stringify(withPermissions(wrong))))).toBe(false);
  });
});
