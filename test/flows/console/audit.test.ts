/** The audit log in the console. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleAt, ruling } from '../../support/console.ts';
import { signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { demoServices } from '../../support/service.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let audrey: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ olga, audrey } = await ruling(stack));
  await demoServices(stack.issuer).web.tokens(await signedInAt(stack));
});

afterAll(() => stack.stop());

const day = () => new Date(Date.now()).toISOString().slice(0, 10);

describe('the audit log in the console', () => {
  it('says what happened in words, by whom, and is in itself', async () => {
    await expect
      .poll(async () => (await consoleAt(audrey, stack, '/audit?event=authorization.granted')).html, {
        timeout: 60_000,
      })
      .toContain('A person allowed a service something.');
    const { html, status } = await consoleAt(audrey, stack, '/audit?event=audit.read');
    expect(status).toBe(200);
    expect(html).toContain('Somebody read in this log');
    expect(html).toContain('the auditor');
  });

  it('looks for what the filter says, and keeps it on the way to older events', async () => {
    for (let round = 0; round < 51; round++) await olga.send(`${stack.issuer}/console/audit?event=none.such`);
    const first = await consoleAt(olga, stack, `/audit?event=audit.read&from=${day()}`);
    const next = /href="(\/console\/audit\?[^"]*after=[^"]*)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(new URL(next, stack.issuer).searchParams.get('event')).toBe('audit.read');
    const older = await consoleAt(olga, stack, next.replace('/console', ''));
    expect(older.status).toBe(200);
    expect(older.html).toContain('audit.read');
    expect(first.html).toContain('<option value="audit.read" selected>');
  });

  it('leads from a request’s correlation id to everything that came of it, and to nothing else', async () => {
    const page = await consoleAt(olga, stack, '/policy/try?subject=nobody&client_id=demo-web');
    expect(page.status).toBe(200);
    const tried = await consoleAt(olga, stack, '/audit?event=policy.tried');
    const correlation = /href="\/console\/audit\?correlation=([^"]+)"/.exec(tried.html)?.[1] ?? '';
    const incidents = await consoleAt(audrey, stack, '/incidents');
    expect(incidents.html).toContain('<form method="get" action="/console/audit"');
    const found = await consoleAt(audrey, stack, `/audit?correlation=${correlation}`);
    expect([...found.html.matchAll(/<b><code[^>]*>([^<]*)<\/code><\/b>/g)].map(([, name]) => name)).toEqual([
      'policy.tried',
    ]);
    expect(found.html).toContain(`value="${correlation}"`);
    const none = await consoleAt(audrey, stack, '/audit?correlation=none-such');
    expect(none.html).toMatch(/No such event|None among those/);
  });

  it('keeps what was typed where a filter is not understood, and shows markup harmlessly', async () => {
    const { html, status } = await consoleAt(olga, stack, `/audit?person=${encodeURIComponent('<b>"x')}`);
    expect(status).toBe(200);
    expect(html).toContain('person: must be 64 hexadecimal digits');
    expect(html).not.toMatch(/Nothing was changed|No such event/);
    expect(html).toContain('value="&lt;b&gt;&quot;x"');
    expect(html).not.toContain('<b>"x');
    expect((await consoleAt(olga, stack, '/audit?from=yesterday&to=2026-99-99&after=x')).status).toBe(200);
  });

  it('gives whole days as JSON lines, to auditors as well, and to nobody else', async () => {
    const address = `${stack.issuer}/console/audit/export?from=${day()}&to=${day()}`;
    const answer = await audrey.send(address);
    expect(answer.headers.get('content-type')).toBe('application/jsonl');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    const [head, ...events] = (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head).toMatchObject({ assent_audit: 1, issuer: stack.issuer, from: day() });
    expect(events.length).toBeGreaterThan(0);
    const alice = await signedInAt(stack);
    expect((await alice.send(address)).status).toBe(403);
    expect((await olga.send(`${stack.issuer}/console/audit/export?from=yesterday`)).status).toBe(400);
  });
});
