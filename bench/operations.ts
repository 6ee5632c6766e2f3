/** What people and services do when there is much data: each operation with what must have happened before it. */
import { type Form, formsIn, untouched } from '../test/support/forms.ts';
import type { Page } from '../test/support/person.ts';
import { okJson, type TokenSet } from '../test/support/service.ts';
import { connected, type Flow, steps } from './steps.ts';
import type { Subject } from './subjects.ts';

/** One thing that a person or a service does. */
export type Operation = {
  readonly name: string;
  /** Not measured; gives what is measured. Undefined when the person has nothing to do it with. */
  prepare(subject: Subject): Promise<(() => Promise<unknown>) | undefined>;
};

const list = async ({ person, issuer }: Subject): Promise<Page> => {
  const arrival = await person.visit(`${issuer}/authorizations`);
  if (arrival.kind !== 'page' || arrival.status !== 200) throw new Error('the list of authorizations is not shown');
  return arrival;
};

const formFor = ({ html }: Page, path: string): Form | undefined =>
  formsIn(html).find(({ action }) => action.endsWith(path));

/** Sends the page's first form for `path` as its button would. */
const submit = async ({ person, issuer }: Subject, page: Page, path: string): Promise<void> => {
  const form = formFor(page, path);
  if (form === undefined) throw new Error(`the page has no form for ${path}`);
  const headers = { origin: issuer, 'sec-fetch-site': 'same-origin' };
  const answer = await person.send(`${issuer}${path}`, { method: 'POST', body: untouched(form), headers });
  if (answer.status !== 303) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
};

const stepNamed = (name: string): Operation => ({
  name,
  prepare: async (subject) => {
    const step = steps.find((one) => one.name === name);
    const flow: Flow = name.startsWith('authorize') ? {} : await connected(subject);
    return async () => step?.run(subject, flow);
  },
});

/** Every operation leaves as many authorizations as there were, give or take one. */
export const operations: readonly Operation[] = [
  stepNamed('authorize, with approval'),
  {
    name: 'code exchange',
    prepare: async ({ web, person }) => {
      const code = await web.code(person, { prompt: 'consent' });
      return () => okJson<TokenSet>(web.redeem(code));
    },
  },
  {
    name: 'refresh',
    prepare: async (subject) => {
      const { tokens } = await connected(subject);
      return () => okJson<TokenSet>(subject.web.refresh(tokens?.refresh_token ?? ''));
    },
  },
  stepNamed('introspection of a refresh token'),
  stepNamed('revoke'),
  {
    name: 'list of authorizations',
    prepare: async (subject) => () => list(subject),
  },
  {
    name: 'revoke one on that page',
    prepare: async (subject) => {
      await connected(subject);
      const page = await list(subject);
      return () => submit(subject, page, '/authorizations/revoke');
    },
  },
];

const revokeAllPath = '/authorizations/revoke-all';

/** Ends everything that the person has; the page offers it to whoever has more than one. */
export const revokeAll: Operation = {
  name: 'revoke all',
  prepare: async (subject) => {
    await connected(subject);
    const page = await list(subject);
    return formFor(page, revokeAllPath) && (() => submit(subject, page, revokeAllPath));
  },
};
