/** Who may see the console, and who may change something there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/functions/routes.ts';
import { consoleAt, ruling, sendForm } from '../../support/console.ts';
import { formsIn } from '../../support/forms.ts';
import { personAt, signedInAt } from '../../support/people.ts';
import type { Person } from '../../support/person.ts';
import { type Stack, startStack } from '../../support/stack.ts';

let stack: Stack;
let olga: Person;
let audrey: Person;

beforeAll(async () => {
  stack = await startStack();
  ({ olga, audrey } = await ruling(stack));
});

afterAll(() => stack.stop());

const pages = Object.entries(routes).filter(([name]) => name === 'console' || name.startsWith('console-'));
/** Those that need no name in their address, or a name of nothing. */
const addressOf = (route: string): string => `/${route.replace(/\{[^}]*\}/g, 'unknown')}`.replace('/console', '');

/** Auditors may try what rules would do: that is an answer, and no change. */
const changesNothing: ReadonlySet<string> = new Set(['console-policy-try']);

describe('the console', () => {
  it('is reached by whoever signs in with a role', async () => {
    const page = await consoleAt(personAt(stack, 'olga'), stack);
    expect([page.url.pathname, page.status]).toEqual(['/console', 200]);
    expect(page.html).toContain('<html lang="en" dir="ltr">');
  });

  it('is linked from the front page for whoever has a role, and for nobody else', async () => {
    for (const [person, linked] of [
      [olga, true],
      [audrey, true],
      [await signedInAt(stack), false],
    ] as const) {
      const home = await (await person.send(stack.issuer)).text();
      expect(home.includes('<a href="/console">Open the console</a>')).toBe(linked);
    }
  });

  it.each(pages)('shows nothing at %s to people without a role', async (_, { route, methods }) => {
    const alice = await signedInAt(stack);
    if ((methods as readonly string[]).includes('GET')) {
      const page = await consoleAt(alice, stack, addressOf(route));
      expect(page.status).toBe(403);
      expect(page.html).toContain('The console is for operators');
    }
    const { status } = await alice.send(`${stack.issuer}/console${addressOf(route)}`, { method: 'POST' });
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it.each(pages)('has no button at %s for auditors', async (_, { route, methods }) => {
    if (!(methods as readonly string[]).includes('GET')) return;
    const { html } = await consoleAt(audrey, stack, addressOf(route));
    expect(formsIn(html).filter(({ method }) => method.toLowerCase() === 'post')).toEqual([]);
  });

  it.each(pages.filter(([, { methods }]) => (methods as readonly string[]).includes('POST')))(
    'takes at %s no form of an auditor who makes one up, and none of another site',
    async (name, { route }) => {
      const page = await consoleAt(olga, stack, '/incidents');
      const theirs = formsIn(page.html)[0]?.fields.find(({ name }) => name === 'token')?.value ?? '';
      const home = await audrey.visit(stack.issuer);
      if (home.kind !== 'page') throw new Error('no home page');
      const own = formsIn(home.html)[0]?.fields.find(({ name }) => name === 'token')?.value ?? '';
      const send = (person: Person, token: string, origin: string) =>
        person.send(`${stack.issuer}/console${addressOf(route)}`, {
          method: 'POST',
          headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ token }),
        });
      expect((await send(olga, theirs, 'https://evil.example')).status).toBe(403);
      expect((await send(audrey, theirs, stack.issuer)).status).toBe(403);
      const refused = await send(audrey, own, stack.issuer);
      expect(own).not.toBe('');
      if (changesNothing.has(name)) return expect(refused.status).toBe(200);
      expect([400, 403]).toContain(refused.status);
      expect(await refused.text()).toContain('Nothing was changed.');
    },
  );

  it('wants a new sign-in after eight hours, because a role is the word of a sign-in', async () => {
    await stack.clock.move(8 * 3_600 - 60);
    expect((await olga.send(`${stack.issuer}/console`)).status).toBe(200);
    await stack.clock.move(120);
    expect((await olga.send(`${stack.issuer}/console`)).status).toBe(303);
    const page = await consoleAt(olga, stack);
    expect([page.url.pathname, page.status]).toEqual(['/console', 200]);
    expect(
      (
        await sendForm(olga, await consoleAt(olga, stack, '/incidents'), {
          button: ['kind', 'client_id'],
          typed: { name: 'nobody' },
        })
      ).status,
    ).toBe(200);
  });
});
