/** What the demo API has to tell: to everybody the work that is theirs. */
import { users } from '../provider/users.ts';

export type WorkItem = { readonly id: number; readonly type: string; readonly title: string; readonly state: string };

type Line = readonly [type: string, title: string, state: string];

const assigned: Readonly<Record<string, readonly Line[]>> = {
  alice: [
    ['User story', 'Show build results on the team dashboard', 'Active'],
    ['Bug', 'Sprint burndown counts removed work twice', 'New'],
    ['Task', 'Move the nightly build to the new agents', 'Active'],
    ['Bug', 'Attachment names lose their umlauts', 'Resolved'],
  ],
  bob: [
    ['Bug', 'Search finds deleted work items', 'Active'],
    ['Task', 'Renew the certificate of the build agents', 'New'],
  ],
  olga: [['Task', 'Review who may register services', 'Active']],
};

export type Owner = { readonly name: string; readonly items: readonly WorkItem[] };

/** By the directory's id of the person, which is how an API knows its people (claim `uid`); `sub` is opaque to it. */
const owners: ReadonlyMap<string, Owner> = new Map(
  users.map(({ login, name, objectId }, person) => {
    const items = (assigned[login] ?? []).map(([type, title, state], index) => ({
      id: 4801 + person * 100 + index,
      type,
      title,
      state,
    }));
    return [objectId, { name, items }];
  }),
);

/** Nobody the API knows has no work. */
export const workOf = (uid: string): Owner => owners.get(uid) ?? { name: 'somebody new', items: [] };
