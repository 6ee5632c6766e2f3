/** What every function receives as its `server` argument: no singletons, no container. */
import type { Config } from './config.ts';
import type { Courier } from './flows/audit/courier.ts';
import type { OfferedResources } from './flows/catalogue/offered.ts';
import type { RemoteDocuments } from './flows/clients/client-keys.ts';
import type { KnownClients } from './flows/clients/resolve.ts';
import type { RevocationLists } from './flows/revocations/list.ts';
import type { Refusals } from './http/refusals.ts';
import type { SignIn } from './identity/sign-in.ts';
import type { FairShares } from './limits/fair-shares.ts';
import type { Buckets } from './limits/token-bucket.ts';
import type { Resource } from './oauth/access/resources.ts';
import type { Clock, Random } from './oauth/crypto.ts';
import type { Policy } from './oauth/policy/policy.ts';
import type { DeploymentKeys } from './oauth/tokens/deployment-keys.ts';
import type { OutboundFetch, OutboundPost } from './outbound/fetch.ts';
import type { Mail } from './outbound/mail.ts';
import type { Signer } from './signing/signer.ts';
import type { Store } from './storage/store.ts';

export type Server = {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  /** Carries events onward, after the answer. */
  readonly courier: Courier;
  /** Does this when the request has been answered, or never: whoever must not lose it has written it down. Throws nothing. */
  readonly afterwards: (work: () => Promise<void>) => void;
  /** Who a client_id names. */
  readonly clients: KnownClients;
  readonly signer: Signer;
  /** What operators rule, at most 15 seconds old; costs nothing, most of the time. Throws `Unavailable`. */
  readonly policy: () => Promise<Policy>;
  /** Keys that only instances of this deployment can derive. Throws `Unavailable`. */
  readonly keys: () => Promise<DeploymentKeys>;
  /** What ended lately, signed. */
  readonly revocationLists: RevocationLists;
  /** Sends a form to an address that somebody else chose. */
  readonly outboundPost: OutboundPost;
  readonly signIn: SignIn;
  /** The only way to an address that somebody else chose. Throws `OutboundError`. */
  readonly outbound: OutboundFetch;
  /** Mail to people; undefined where none is sent. */
  readonly mail: Mail | undefined;
  /** Documents at such addresses, kept for a while: keys of clients, and of issuers that vouch for them. */
  readonly documents: RemoteDocuments;
  /** Every resource server as this request sees them, our own admin API included. */
  readonly resources: readonly Resource[];
  /** Where those come from. */
  readonly offered: OfferedResources;
  readonly limits: {
    /** Requests by source address. */
    readonly sources: Buckets;
    /** Signatures by client. */
    readonly clients: Buckets;
    /** While Key Vault throttles: each client's share of what this instance may ask of it. */
    readonly shares: FairShares;
    /** Signed refusals by client. */
    readonly refusals: Buckets;
    /** Signatures by client and person, where anybody can be the client. */
    readonly people: Buckets;
    /** Signatures by family. */
    readonly families: Buckets;
    /** Registrations by source address. */
    readonly registrations: Buckets;
    /** Polls by device request. */
    readonly polls: Buckets;
    /** Wrong secrets by client and source address, wrong user codes by person. */
    readonly failures: Buckets;
    /** Lines of the log that are worth one a day, by what they are about. */
    readonly reminders: Buckets;
    /** Lines about failures of ours, of this instance. */
    readonly diagnoses: Buckets;
  };
  /** Refusals, counted; everything else that is worth a line goes to `log`. */
  readonly refusals: Refusals;
  /** One structured line for the operators' log: `event`, facts and perhaps a `level`; never a secret, a token or a parameter. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
};

/** The same server with the resources that there are now: for one request, which goes by them to its end. Throws `Unavailable`. */
export const asOfNow = async (server: Server): Promise<Server> => ({
  ...server,
  resources: await server.offered.current(),
});
