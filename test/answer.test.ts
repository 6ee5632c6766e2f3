/** Answers as the library makes them of their parts, and as it takes them whole: the host is told the same. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RpcTypedData } from '../local/host/core-api.ts';
import { loadWorker, type Worker } from '../local/host/worker.ts';
import type { Answer } from '../src/http/frame.ts';

/** Where the functions of the package find what they are to answer. */
const shared = globalThis as { answerUnderTest?: Answer };

/** Two functions behind the real library, which answer the same. */
const source = `
  const { createRequire } = require('node:module');
  const here = createRequire(${JSON.stringify(import.meta.url)});
  const { app } = here('@azure/functions');
  const { wholeAnswer } = here(${JSON.stringify(new URL('../src/answer.ts', import.meta.url).pathname)});
  app.http('parts', { authLevel: 'anonymous', handler: () => {
    const { body, ...rest } = globalThis.answerUnderTest;
    return { ...rest, ...(body === undefined ? {} : { body }) };
  } });
  app.http('whole', { authLevel: 'anonymous', handler: () => wholeAnswer(globalThis.answerUnderTest) });
`;

let worker: Worker;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'answer-'));
  await writeFile(join(folder, 'package.json'), '{"main":"main.cjs"}');
  await writeFile(join(folder, 'host.json'), '{}');
  await writeFile(join(folder, 'main.cjs'), source);
  worker = await loadWorker(folder, () => undefined);
});

const askedOf = async (name: string, answer: Answer): Promise<RpcTypedData | undefined> => {
  const loaded = worker.functions.find(({ metadata }) => metadata.name === name);
  if (loaded === undefined) throw new Error(`there is no function ${name}`);
  shared.answerUnderTest = answer;
  return worker.invoke(loaded, { http: { url: 'http://localhost/', method: 'GET' } });
};

/** Bytes as a text, whatever they lie in, and headers in one order. */
const comparable = (answered: RpcTypedData | undefined) => {
  const { body, headers, ...http } = answered?.http ?? {};
  const bytes = Buffer.from(body?.bytes ?? 'none');
  return { ...http, body: bytes.toString('latin1'), headers: Object.entries(headers ?? {}).toSorted() };
};

const cookie = { name: '__Host-session', value: 'a=b; c', maxAge: 60, path: '/', secure: true, httpOnly: true };
const plain: Answer = { status: 200, headers: {}, cookies: [], body: undefined };

const answers: readonly (readonly [what: string, answer: Answer])[] = [
  ['a page', { ...plain, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>ü \u{1f600} \ud800' }],
  ['bytes', { ...plain, headers: { 'content-type': 'image/png' }, body: Buffer.from([0, 255, 137, 10]) }],
  ['an empty text', { ...plain, headers: { 'content-type': 'text/plain' }, body: '' }],
  [
    'a redirect with cookies',
    {
      ...plain,
      status: 303,
      headers: { location: 'https://a.example/?b=c' },
      cookies: [cookie, { ...cookie, sameSite: 'Lax' }],
    },
  ],
  ['no content', { ...plain, status: 204, headers: { 'access-control-allow-origin': '*' } }],
  ['an unchanged document', { ...plain, status: 304, headers: { etag: '"x"' } }],
  [
    'a refusal',
    { ...plain, status: 503, headers: { 'retry-after': '1', 'content-type': 'application/json' }, body: '{}' },
  ],
  ['a value in Latin-1', { ...plain, headers: { 'x-text': 'caf\u00e9\tau lait' } }],
];

describe('an answer that is handed over whole', () => {
  it.each(answers)('becomes what its parts would: %s', async (_what, answer) => {
    expect(comparable(await askedOf('whole', answer))).toEqual(comparable(await askedOf('parts', answer)));
  });

  it.each(['a\r\nset-cookie: b=c', 'a\nb', 'a\0b', '\u{1f600}', 'a\u0100'])(
    'is refused, as its parts would be, with a header of %j',
    async (value) => {
      const answer = { ...plain, headers: { 'x-text': value } };
      await expect(askedOf('parts', answer)).rejects.toThrow(TypeError);
      await expect(askedOf('whole', answer)).rejects.toThrow(TypeError);
    },
  );
});
