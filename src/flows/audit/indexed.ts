/** Events of people bring the index up to date: who authorized a service, and whose account has a name. */
import type { StoredEvent } from '../../oauth/audit/event.ts';
import type { PersonEvent } from '../../oauth/grants/history.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Store } from '../../storage/store.ts';
import type { Consumer } from './courier.ts';

/** What may have changed when this happened. The index looks at that as it is by now: in whatever order events come. */
const concerns: Readonly<Record<PersonEvent['kind'], 'grant' | 'person' | 'neither'>> = {
  authorized: 'grant',
  widened: 'grant',
  narrowed: 'grant',
  refused: 'neither',
  'connected again': 'neither',
  'revoked by user': 'grant',
  'ended by user': 'neither',
  'revoked by service': 'neither',
  'code replayed': 'neither',
  'refresh token replayed': 'neither',
  evicted: 'neither',
  'approved for everyone': 'grant',
  'approved by operator': 'neither',
  'refused by operator': 'neither',
  'tokens issued': 'neither',
  'ended by operator': 'grant',
  'signed in': 'person',
  'signed out': 'neither',
};

/** Brings the index up to date. */
export const indexConsumer =
  ({ indexUpkeep }: Pick<Store, 'indexUpkeep'>): Consumer =>
  async (events) => {
    const ofGrants = events.filter(({ kind }) => concerns[kind] === 'grant');
    await indexUpkeep.reconcile(ofGrants.flatMap(ownerOf));
    await indexUpkeep.note(events.filter(({ kind }) => concerns[kind] === 'person').map(({ userKey }) => userKey));
  };

const ownerOf = ({ userKey, clientId }: StoredEvent) =>
  clientId === undefined ? [] : [{ userKey, clientKey: clientKeyOf(clientId) }];
