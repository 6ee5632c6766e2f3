/** What people authorized, for whoever administers: of a person, of a service, and one by itself. Each reading is in the audit log. */
import { OAuthError } from '../../oauth/errors.ts';
import { type Family, isLive } from '../../oauth/grants/family.ts';
import { isInForce, type StoredGrant } from '../../oauth/grants/grant.ts';
import { isVoid } from '../../oauth/grants/not-before.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { FamilyOwner } from '../../storage/families.ts';
import type { Authorization } from '../../storage/grant-rows.ts';
import type { IndexEntry } from '../../storage/index-rows.ts';
import type { Acting } from './acting.ts';
import { recordReading } from './people.ts';

/** A grant, and those of its sessions that are alive. */
export type Held = {
  readonly owner: FamilyOwner;
  readonly grant: StoredGrant;
  readonly sessions: readonly Family[];
  /** False for what was revoked or voided, or has expired. */
  readonly inForce: boolean;
};

type Page = { readonly after: string | undefined; readonly limit: number };

type OfPerson = { readonly held: readonly Held[]; readonly next: string | undefined };

/** In the order of client keys; `after` and `next` are such, in hex. Two transactions, usually. Throws `Unavailable`. */
export const authorizationsOfPerson = async (
  userKey: Buffer,
  { after = '', limit }: Page,
  acting: Acting,
): Promise<OfPerson> => {
  await recordReading({ action: 'read person', target: userKey.toString('hex'), person: userKey }, acting);
  const { authorizations } = await acting.server.store.grants.overview(userKey);
  const left = authorizations.filter(({ clientKey }) => clientKey.toString('hex') > after).toSorted(byClient);
  const shown = left.slice(0, limit);
  const held = await Promise.all(shown.map((one) => heldOf(userKey, one, acting)));
  return { held, next: left.length > shown.length ? shown.at(-1)?.clientKey.toString('hex') : undefined };
};

const byClient = (a: Authorization, b: Authorization): number => a.clientKey.compare(b.clientKey);

const heldOf = async (
  userKey: Buffer,
  { clientKey, grant, families }: Authorization,
  { server }: Acting,
): Promise<Held> => {
  const owner = { userKey, clientKey };
  const [now, instants] = [server.clock(), await server.store.deployment.notBefore.instantsFor(owner)];
  const inForce = isInForce(grant, now, instants);
  return { owner, grant, inForce, sessions: families.filter((one) => isLive(one, now) && !isVoid(one, instants)) };
};

/** An authorization as the index has it. */
export type Listed = { readonly entry: IndexEntry; readonly inForce: boolean };

type OfService = { readonly count: number; readonly listed: readonly Listed[]; readonly next: string | undefined };

/** How many people authorized it, and a page of them. Three transactions. Throws `Unavailable`. */
export const authorizationsOfService = async (clientId: string, page: Page, acting: Acting): Promise<OfService> => {
  const { serviceIndex, deployment } = acting.server.store;
  const clientKey = clientKeyOf(clientId);
  await recordReading({ action: 'read authorizations of client', target: clientId }, acting);
  const [count, { entries, next }] = await Promise.all([
    serviceIndex.count(clientKey),
    serviceIndex.list(clientKey, page),
  ]);
  const now = acting.server.clock();
  const listed = entries.map(async (entry) => {
    const instants = await deployment.notBefore.instantsFor(entry);
    return { entry, inForce: now < entry.expiresAt && !isVoid(entry, instants) };
  });
  return { count, listed: await Promise.all(listed), next };
};

/** Three transactions. Throws `not_found`, `Unavailable`. */
export const readAuthorization = async (owner: FamilyOwner, acting: Acting): Promise<Held> => {
  const { grants, families } = acting.server.store;
  const target = owner.clientKey.toString('hex');
  await recordReading({ action: 'read authorization', target, person: owner.userKey }, acting);
  const grant = await grants.read(owner.userKey, owner.clientKey);
  if (grant === undefined) throw new OAuthError('authorization_unknown', 'there is no such authorization');
  const found = await families.ofClient(owner, grant.families);
  return heldOf(owner.userKey, { clientKey: owner.clientKey, grant, families: found }, acting);
};
