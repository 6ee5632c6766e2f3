/** Receipts can be verified by whoever has one, as their page says: by the very lines that are there. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eraseMe, idOf, pageOf, submitOn } from '../../support/managing.ts';
import { signedInAt } from '../../support/people.ts';
import { register } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const root = new URL('../../../', import.meta.url);

let stack: Stack;
let folder: string;

beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), 'assent-receipt-'));
});

afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the lines of docs/receipts.md with the receipt in a file, and gives what they print. */
const verified = async (receipt: string): Promise<string> => {
  const text = await readFile(new URL('docs/receipts.md', root), 'utf8');
  const lines = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  expect(lines.trim().split('\n').length).toBeLessThanOrEqual(10);
  const file = join(folder, 'receipt.jwt');
  await writeFile(file, receipt);
  const code = lines
    .replace('https://login.contoso.example', stack.issuer)
    .replace("'receipt.jwt'", JSON.stringify(file));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: root });
  return stdout.trim();
};

it('verifies with the key set by the lines of its page, and not once a character is another', async () => {
  const person = await signedInAt(stack);
  const service = await register(stack.issuer, { client_name: 'Tailspin Reports' });
  await service.tokens(person, { scope: 'vso.work' });
  const list = await pageOf(person, `${stack.issuer}/authorizations`);
  const after = await submitOn(person, list, ['/authorizations/revoke', { authorization: idOf(service) }]);
  const path = /href="(\/authorizations\/receipts\/[^"]+)"/.exec(after.html)?.[1];
  const receipt = await (await person.send(`${stack.issuer}${path}`)).text();
  expect(await verified(receipt)).toMatch(/^Tailspin Reports \d{4}-\d\d-\d\dT/);
  const [header, payload = '', signature] = receipt.split('.');
  const other = `${payload.slice(0, 20)}${payload[20] === 'A' ? 'B' : 'A'}${payload.slice(21)}`;
  await expect(verified([header, other, signature].join('.'))).rejects.toThrow(
    /JWSSignatureVerificationFailed|JWTInvalid/,
  );
});

it('is shown once to somebody who is erased, on the page that says so, and verifies as well', async () => {
  const person = await signedInAt(stack, 'bob');
  const page = await eraseMe(person, stack.issuer);
  const receipt = /<textarea[^>]*>([^<]+)<\/textarea>/.exec(page.html)?.[1] ?? '';
  expect(await verified(receipt)).toMatch(/^undefined \d{4}-\d\d-\d\dT/);
});
