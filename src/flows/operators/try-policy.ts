/** What would happen to somebody at a service: every rule's verdict in order, by what enforces them. Nothing is changed. */
import { permissionsAt, resolveTarget } from '../../oauth/access/target.ts';
import type { Client } from '../../oauth/clients/client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Family, isLive } from '../../oauth/grants/family.ts';
import { isInForce } from '../../oauth/grants/grant.ts';
import type { Matter, SignInFacts } from '../../oauth/policy/matter.ts';
import type { Policy } from '../../oauth/policy/policy.ts';
import { type NamedVerdict, verdictsOn } from '../../oauth/policy/verdicts.ts';
import { canonicalSubject, clientKeyOf, userKeyOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import { matterOf } from '../policy/held.ts';
import type { Acting } from './acting.ts';
import { actorOf } from './policy.ts';

export type Trial = {
  /** The person's stable claim at the sign-in provider. */
  readonly subject: string;
  readonly clientId: string;
  /** What the service would ask for; all that it may where it is left out. */
  readonly scope: string | undefined;
  readonly resources: readonly string[];
  /** The sign-in to suppose; undefined for what is known of the last one, or one that begins now. */
  readonly acr: string | undefined;
  readonly signedInSecondsAgo: number | undefined;
  /** Rules to try before they are saved; undefined for those that are in force. */
  readonly policy: Policy | undefined;
};

type Tried = { readonly verdicts: readonly NamedVerdict[]; readonly outcome: string };

export type Outcome = {
  readonly serviceName: string;
  readonly isPersonKnown: boolean;
  /** If the service asked now. */
  readonly asking: Tried;
  /** Each authorization session that it has. */
  readonly holding: readonly (Tried & { readonly session: string; readonly approvedAt: number })[];
};

/** Throws `not_found`, and what the service itself would be told for what it may not ask. */
export const tryPolicy = async (trial: Trial, acting: Acting): Promise<Outcome> => {
  const { server } = acting;
  const { store, config } = server;
  const client = await server.clients.resolve(trial.clientId);
  if (client === undefined) throw new OAuthError('admin_client_unknown', 'there is no such client');
  const { issuer, subjectClaim } = config.signIn;
  const userKey = userKeyOf(issuer, canonicalSubject(trial.subject, subjectClaim));
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
    isPersonKnown,
    asking: await ifItAsked(client, { trial, userKey, last: live.at(-1) }, server),
    holding: await Promise.all(live.map((family) => asItIs(client, { family, trial }, server))),
  };
};

const asItIs = async (
  client: Client,
  { family, trial }: { readonly family: Family; readonly trial: Trial },
  server: Server,
): Promise<Outcome['holding'][number]> => {
  const known = await matterOf(family, server);
  const matter = { ...known, policy: trial.policy ?? known.policy };
  const verdicts = verdictsOn(matter);
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
  const [current, rule, asked, grant] = await Promise.all([
    server.policy(),
    store.policies.ruleOf(client.clientId),
    store.operatorRequests.read(userKey, client.clientId),
    store.grants.read(userKey, clientKeyOf(client.clientId)),
  ]);
  const matter: Matter = {
    policy: trial.policy ?? current,
    rule,
    now: server.clock(),
    permissions: permissionsAt(target, resources),
    requested: asked?.approved ?? [],
    byOperator: [],
    signIn: signInOf(trial, last, server.clock()),
    approvedAt: undefined,
    resources,
  };
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
