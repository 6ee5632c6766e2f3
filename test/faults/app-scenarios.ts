/** What owners send from the pages of their services, as scenarios for faults of the storage. */
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { appPageOf, type Filled, idOf, registerApp, sendForm } from '../support/apps.ts';
import { signedInAt } from '../support/people.ts';
import type { Person } from '../support/person.ts';
import type { Service } from '../support/service.ts';
import type { Scenario } from './cases.ts';
import { type Lane, marksOf } from './lanes.ts';

type Owned = { readonly olga: Person; readonly app: Service };

const owned = new WeakMap<Lane, Owned>();

/** Each lane has a browser of an owner and a service that no other lane touches: nobody has as many as there are cases. */
const ownedIn = async (lane: Lane): Promise<Owned> => {
  const known = owned.get(lane);
  if (known !== undefined) return known;
  const olga = await signedInAt(lane.stack, 'olga');
  const made = { olga, app: await registerApp(olga, lane.stack) };
  owned.set(lane, made);
  return made;
};

const marksOfOwned = (lane: Lane, { olga, app }: Owned): readonly string[] => [
  ...marksOf({ ...lane, person: olga, service: app }),
  clientKeyOf(idOf(app)).toString('hex'),
  idOf(app),
];

type Form = { readonly part: 'edit' | 'secrets'; readonly filled: Filled };

/** Fetches the page and sends its form, as who comes back after a 503. */
const fill = async ({ stack }: Lane, { olga, app }: Owned, { part, filled }: Form): Promise<Response> =>
  sendForm(olga, await appPageOf(olga, stack, `/${idOf(app)}/${part}`), `/${part}`, filled);

const change: Scenario = {
  name: 'the change of a person’s service',
  operations: 5,
  audience: 'people',
  isImpersonal: true,
  prepare: async (lane) => {
    const own = await ownedIn(lane);
    const { olga, app } = own;
    const filled = { description: `Version ${Math.random()}` };
    const page = await appPageOf(olga, lane.stack, `/${idOf(app)}/edit`);
    return {
      marks: marksOfOwned(lane, own),
      send: () => sendForm(olga, page, '/edit', filled),
      // The version that the form was made from may be gone by what nobody could say was done.
      again: () => fill(lane, own, { part: 'edit', filled }),
      problem: ({ status }) => (status === 303 ? undefined : `${status}`),
      afterwards: async () => {
        const { html } = await appPageOf(olga, lane.stack, `/${idOf(app)}/edit`);
        return html.includes(filled.description) ? undefined : 'the description is the old one';
      },
    };
  },
};

const secret: Scenario = {
  name: 'a second secret of a person’s service',
  operations: 5,
  audience: 'people',
  isImpersonal: true,
  prepare: async (lane) => {
    const own = await ownedIn(lane);
    const { olga, app } = own;
    const path = `/${idOf(app)}/secrets`;
    const page = await appPageOf(olga, lane.stack, path);
    return {
      marks: marksOfOwned(lane, own),
      send: () => sendForm(olga, page, '/secrets', { name: 'Second', days: '60' }),
      // 400: the one that nobody got to see is there, and has to be removed first.
      problem: ({ status, text }) =>
        status === 400 || text.includes('assent_cs_') ? undefined : `${status} without a secret`,
      afterwards: async () => {
        const listed = await appPageOf(olga, lane.stack, path);
        const ids = [...listed.html.matchAll(/name="remove" value="([\w-]+)"/g)].map(([, id]) => id);
        if (ids.length !== 2) return `there are ${ids.length} secrets`;
        // The lane goes on with the first.
        const { status } = await sendForm(olga, listed, '/secrets', { remove: ids[1] });
        return status === 303 ? undefined : `removing the second: ${status}`;
      },
    };
  },
};

export const appScenarios: readonly Scenario[] = [change, secret];
