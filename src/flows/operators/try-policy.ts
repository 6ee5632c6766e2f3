/** What would happen to somebody at a service: every rule's verdict in order, by what enforces them. Nothing is changed. */
import { permissionsAt, resolveTarget } from '../../oauth/access/target.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Family, isLive } from '../../oauth/grants/family.ts';
import { isInForce } from '../../oauth/grants/grant.ts';
import type { Matter, SignInFacts } from '../../oauth/policy/matter.ts';
import { approvedBy, type Policy } from '../../oauth/policy/policy.ts';
import { type NamedVerdict, verdictsOn } from '../../oauth/policy/verdicts.ts';
import { clientKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import { matterOf } from '../policy/held.ts';
import type { Acting } from './acting.ts';
import { findPeople, type Sought, userKeyBySubject } from './people.ts';
import { actorOf, type RuleOf, requireKnown } from './policy.ts';

export type Trial = {
  readonly person: Whom;
  readonly clientId: string;
  /** What the service would ask for; all that it may where it is left out. */
  readonly scope: string | undefined;
  readonly resources: readonly string[];
  /** The sign-in to suppose; undefined for what is known of the last one, or one that begins now. */
  readonly acr: string | undefined;
  readonly signedInSecondsAgo: number | undefined;
  /** Rules to try before they are saved; undefined for those that are in force. */
  readonly policy: Policy | undefined;
  /** The same of the service's own rule; its `rule` is undefined for trying without one. */
  readonly serviceRule: Pick<RuleOf, 'rule'> | undefined;
};

/** By the stable claim at the sign-in provider, the name of the account, or the pseudonym of the audit log. */
type Whom = Sought | { readonly person: string };

type Tried = { readonly verdicts: readonly NamedVerdict[]; readonly outcome: string };

export type Outcome = {
  readonly serviceName: string;
  readonly userKey: Buffer;
  readonly isPersonKnown: boolean;
  /** If the service asked now. */
  readonly asking: Tried;
  /** Each authorization session that it has. */
  readonly holding: readonly (Tried & { readonly session: string; readonly approvedAt: number })[];
};

/** Throws `invalid_request`, `not_found`, and what the service itself would be told for what it may not ask. */
export const tryPolicy = async (trial: Trial, acting: Acting): Promise<Outcome> => {
  const { server } = acting;
  const { store } = server;
  requireKnown(trial.policy?.needsOperator ?? [], server);
  requireKnown(approvedBy(trial.serviceRule?.rule), server);
  const client = await server.clients.resolve(trial.clientId);
  if (client === undefined) throw new OAuthError('admin_client_unknown', 'there is no such client');
  const userKey = await keyOf(trial.person, acting);
  const owner = { userKey, clientKey: clientKeyOf(client.clientId) };
  await store.audit.record({
    action: 'try policy',
    target: client.clientId,
    actor: actorOf(acting),
    person: userKey,
  });
  const [isPersonKnown, families] = await Promise.all([
    store.sessions.isKnown(userKey),
    store.families.ofClient(owner),
  ]);
  const live = families.filter((one) => isLive(one, server.clock()));
  return {
    serviceName: client.name,
    userKey,
    isPersonKnown,
    asking: await ifItAsked(client, { trial, userKey, last: live.at(-1) }, server),
    holding: await Promise.all(live.map((family) => asItIs(client, { family, trial }, server))),
  };
};

/** An account's name may have been given to another since: it is whoever signed in last under it. */
const keyOf = async (whom: Whom, acting: Acting): Promise<Buffer> => {
  if ('person' in whom) return Buffer.from(whom.person, 'hex');
  if ('subject' in whom) return userKeyBySubject(whom.subject, acting);
  const people = await findPeople(whom, acting);
  const [last] = people.toSorted((a, b) => (b.lastSignInAt ?? 0) - (a.lastSignInAt ?? 0));
  if (last === undefined)
    throw new OAuthError('person_unknown', 'nobody whose account has this name has ever signed in');
  return last.userKey;
};

/** The matter by the rules that are tried. */
const tried = (matter: Matter, { policy, serviceRule }: Trial): Matter => ({
  ...matter,
  policy: policy ?? matter.policy,
  rule: serviceRule === undefined ? matter.rule : serviceRule.rule,
});

const asItIs = async (
  client: Client,
  { family, trial }: { readonly family: Family; readonly trial: Trial },
  server: Server,
): Promise<Outcome['holding'][number]> => {
  const verdicts = verdictsOn(tried(await matterOf(family, server), trial));
  return {
    session: family.address.familyId.toString('hex'),
    approvedAt: family.consentAt,
    verdicts,
    outcome: client.blocked ? blockedByRegistration : outcomeOf(verdicts, 'goes on as it is'),
  };
};

type Supposed = { readonly trial: Trial; readonly userKey: Buffer; readonly last: Family | undefined };

const ifItAsked = async (client: Client, supposed: Supposed, server: Server): Promise<Tried> => {
  const { trial, userKey, last } = supposed;
  const { resources, store } = server;
  const request = { scope: trial.scope, resources: trial.resources, details: undefined };
  const may = { allowed: client.scopes, detailTypes: client.detailTypes };
  const target = resolveTarget({ ...request, ...may, refreshes: true }, resources);
  const [policy, rule, asked, grant] = await Promise.all([
    server.policy(),
    store.policies.ruleOf(client.clientId),
    store.operatorRequests.read(userKey, client.clientId),
    store.grants.read(userKey, clientKeyOf(client.clientId)),
  ]);
  const known = {
    policy,
    rule,
    now: server.clock(),
    permissions: permissionsAt(target, resources),
    requested: asked?.approved ?? [],
    byOperator: [],
    signIn: signInOf(trial, last, server.clock()),
    approvedAt: undefined,
    resources,
  };
  const matter = tried(known, trial);
  const verdicts = verdictsOn(matter);
  const never = { everyone: 0, person: 0, client: 0 };
  const isRemembered =
    grant !== undefined &&
    isInForce(grant, matter.now, never) &&
    matter.permissions.every((one) => grant.permissions.includes(one));
  const usual = isRemembered ? 'the person has allowed it before, and may not be asked' : 'the person is asked';
  return { verdicts, outcome: client.blocked ? blockedByRegistration : outcomeOf(verdicts, usual) };
};

const blockedByRegistration = 'stopped: the registration of the service is blocked';

const signInOf = ({ acr, signedInSecondsAgo }: Trial, last: Family | undefined, now: number): SignInFacts => {
  const isSupposed = acr !== undefined || signedInSecondsAgo !== undefined;
  if (!isSupposed && last !== undefined) return last;
  const at = now - (signedInSecondsAgo ?? 0);
  return { acr, authTime: at, sessionAt: at };
};

const outcomeOf = (verdicts: readonly NamedVerdict[], usual: string): string => {
  const refusal = verdicts.find(({ outcome }) => outcome === 'refuses');
  if (refusal !== undefined) return `stopped: ${refusal.because}`;
  const withheld = verdicts.filter(({ outcome }) => outcome === 'withholds');
  if (withheld.length > 0) return `goes on without some of it: ${withheld.map(({ because }) => because).join('; ')}`;
  return verdicts.some(({ outcome }) => outcome === 'approves') ? 'the person is not asked, and gets it' : usual;
};
