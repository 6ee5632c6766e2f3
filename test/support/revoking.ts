/** A person who revokes, and an API that hears of it by the list (`examples/lib/revocations.mjs`). */
import { jwtPart } from './answer.ts';
import { formsIn } from './forms.ts';
import type { Person } from './person.ts';

type Claims = Readonly<Record<string, unknown>>;

type Options = { readonly onFailure?: (error: unknown) => void };

type Helper = {
  revocationsOf(issuer: string, options?: Options): { isRevoked(claims: Claims): Promise<boolean> };
};

const helper: Promise<Helper> = import(new URL('../../examples/lib/revocations.mjs', import.meta.url).href);

/** An API that refuses what the list names; it verifies nothing else. */
export const startApi = async (issuer: string, options: Options = {}) => {
  const revocations = (await helper).revocationsOf(issuer, options);
  return { refuses: (token: string): Promise<boolean> => revocations.isRevoked(jwtPart(token, 'payload')) };
};

/** Clicks on the button that revokes everything. Resolves when the page after it has come. */
export const revokeAll = async (person: Person, issuer: string): Promise<void> => {
  const list = await person.visit(`${issuer}/authorizations`);
  if (list.kind !== 'page') throw new Error('no list of authorizations');
  const forms = formsIn(list.html);
  const formOf = (action: string) => forms.find((one) => one.action.endsWith(action));
  // Who has one only is shown no button for all.
  const form = formOf('/authorizations/revoke-all') ?? formOf('/authorizations/revoke');
  if (form === undefined) throw new Error('nothing to revoke');
  await person.submit(list, form);
};

const pollMilliseconds = 50;

/** Milliseconds until the API refuses the token, asked again and again as busy services do. Rejects after the patience. */
export const untilRefused = async (
  api: { refuses(token: string): Promise<boolean> },
  token: string,
  patienceMilliseconds: number,
): Promise<number> => {
  const startedAt = performance.now();
  while (!(await api.refuses(token))) {
    if (performance.now() - startedAt > patienceMilliseconds) throw new Error('the API still takes the token');
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  return performance.now() - startedAt;
};
