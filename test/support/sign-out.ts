/** Signing out as a person does, and running the timer that tells services of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { localMasterKey } from '../../local/host/admin.ts';
import { formsIn } from './forms.ts';
import type { Page, Person } from './person.ts';
import type { Stack } from './stack.ts';

/** By the page that asks. Rejects unless it ends with somebody signed out. */
export const signOut = async (person: Person, stack: Pick<Stack, 'issuer'>): Promise<Page> => {
  const page = await person.visit(`${stack.issuer}/sign-out`);
  const form = page.kind === 'page' ? formsIn(page.html).find(({ action }) => action === '/sign-out') : undefined;
  if (page.kind !== 'page' || form === undefined) throw new Error('no page that asks before signing out');
  const left = await person.submit(page, form);
  if (left.kind !== 'page' || !left.html.includes('You are signed out')) throw new Error('not signed out');
  return left;
};

/** Runs the timer once and gives the line that it logs. */
export const tellDue = async (stack: Pick<Stack, 'issuer' | 'hostOutput'>): Promise<Record<string, unknown>> => {
  const lines = () =>
    stack
      .hostOutput()
      .split('\n')
      .filter((line) => line.includes('"event":"sign_outs_told"'));
  const before = lines().length;
  const fired = await fetch(`${stack.issuer}/admin/functions/sign-outs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-functions-key': localMasterKey },
    body: '{}',
  });
  if (fired.status !== 202) throw new Error(`the timer did not run: ${fired.status}`);
  for (let waited = 0; lines().length === before && waited < 2_400; waited++) await sleep(25);
  if (lines().length === before) throw new Error('the timer did not end');
  const line = lines().at(-1) ?? '';
  return JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
};
