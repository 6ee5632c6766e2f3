import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTools, hostStorage } from '../../local/func-tools.ts';

let project: string;
let tools: string;
const from = () => pathToFileURL(join(project, 'x.js')).href;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'assent-tools-'));
  tools = join(project, 'node_modules/azure-functions-core-tools');
});

afterAll(() => rm(project, { recursive: true, force: true }));

describe('the real Functions host', () => {
  it('is missed in words that say why it is not here and what to do', async () => {
    expect(() => findTools(from())).toThrow(/fetches its program[\s\S]*npm ci[\s\S]*npm start needs no download/);
  });

  it('is missed as well when the package is here and its program is not', async () => {
    await mkdir(join(tools, 'lib'), { recursive: true });
    await writeFile(join(tools, 'lib/main.js'), '');
    expect(() => findTools(from())).toThrow('fetches its program');
    await mkdir(join(tools, 'bin'));
    await writeFile(join(tools, 'bin/func'), '');
    expect(findTools(from())).toBe(join(tools, 'lib/main.js'));
  });

  it('gets blobs, queues and tables on this machine: it derives public addresses of what is left out', () => {
    const parts = Object.fromEntries(
      hostStorage({ blob: 1, queue: 2, table: 3 })
        .split(';')
        .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
    );
    expect(parts).toMatchObject({
      BlobEndpoint: 'http://127.0.0.1:1/devstoreaccount1',
      QueueEndpoint: 'http://127.0.0.1:2/devstoreaccount1',
      TableEndpoint: 'http://127.0.0.1:3/devstoreaccount1',
    });
  });
});
