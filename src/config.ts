/**
 * Environment variables -> Config. This is the only file that reads `process.env`, and the only list of settings:
 * `infra/` sets exactly these names. Every problem is reported at once, because an operator fixes them in one edit.
 */
import * as z from 'zod';
import { parseResources, type Resource } from './oauth/access/resources.ts';
import { isTrustworthy } from './oauth/addresses.ts';
import { canonicalSubject } from './oauth/tokens/locator.ts';
import { algorithmsBeside, type SigningAlgorithm } from './signing/algorithms.ts';

const address = z.string().refine(isTrustworthy, 'must be an https URL (http only for a loopback address)');

const origin = address.refine(
  (text) => URL.canParse(text) && new URL(text).origin === text,
  'must be an origin: no path, no trailing slash, no query',
);

/** Rows name accounts by these addresses, so each has one spelling. */
const account = address.transform((text) => text.replace(/\/$/, ''));

const day = 86_400;

/** Nothing may last for ever by a digit too many: each has the longest time that anybody could mean. */
const seconds = (fallback: number, longest: number) => z.coerce.number().int().min(1).max(longest).default(fallback);
const perSecond = (fallback: number) => z.coerce.number().positive().default(fallback);

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** What an address cannot hold parts the items, and a comma may not be at hand: settings are passed on in a list of them. */
const words = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((item) => item !== ''));

const resources = z
  .string()
  .default('[]')
  .transform((text, context): readonly Resource[] => {
    try {
      return parseResources(JSON.parse(text));
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'must be JSON' });
      return z.NEVER;
    }
  });

/** SIGN_IN_CLIENT_ID of a deployment whose application nobody has registered yet (infra/modules/app.bicep). */
export const unregisteredClientId = '00000000-0000-0000-0000-000000000000';

const environment = z.object({
  ISSUER: origin,
  BRAND_NAME: z.string().min(1).max(60).default('Assent'),
  TABLES_URL: account,
  FURTHER_TABLES_URLS: list.pipe(z.array(account)),
  SIGNING_KEYS: list.pipe(z.array(address).min(1, 'must name at least one Key Vault key')),
  WRAPPING_KEY: address.optional(),
  SIGNING_ALGORITHM: z.enum(['RS256', 'PS256', 'ES256']).default('RS256'),
  REQUIRE_PAR: z.enum(['true', 'false']).default('false'),
  DPOP_NONCE: z.enum(['optional', 'required']).default('optional'),
  DATA_IDENTITY_CLIENT_ID: z.string().min(1),
  SIGN_IN_ISSUER: address,
  SIGN_IN_CLIENT_ID: z.string().min(1),
  SIGN_IN_IDENTITY_CLIENT_ID: z.string().min(1),
  SIGN_IN_ASSERTION_SCOPE: z.string().min(1).default('api://AzureADTokenExchange/.default'),
  SIGN_IN_SUBJECT_CLAIM: z.string().min(1).default('sub'),
  OPERATORS: list,
  OPERATOR_ROLE: z.string().min(1).default('Assent.Operator'),
  AUDITOR_ROLE: z.string().min(1).default('Assent.Auditor'),
  RESOURCES: resources,
  // A resource server that does not introspect takes a revoked token for so long.
  ACCESS_TOKEN_SECONDS: seconds(600, day),
  // OAuth 2.1 §4.1.2: ten minutes at most.
  CODE_SECONDS: seconds(60, 600),
  REFRESH_IDLE_SECONDS: seconds(90 * day, 5 * 365 * day),
  REFRESH_ABSOLUTE_SECONDS: seconds(365 * day, 5 * 365 * day),
  // A thief of the previous token rides along for so long.
  REFRESH_GRACE_SECONDS: z.coerce.number().int().min(0).max(600).default(60),
  REFRESH_GRACE_USES: z.coerce.number().int().min(0).max(100).default(10),
  SESSION_IDLE_SECONDS: seconds(8 * 3_600, 30 * day),
  SESSION_ABSOLUTE_SECONDS: seconds(day, 90 * day),
  APPROVAL_SECONDS: seconds(1_800, day),
  REGISTRATION: z.enum(['off', 'token', 'open']).default('off'),
  SOURCE_REGISTRATIONS_PER_HOUR: z.coerce.number().int().min(1).max(1_000_000).default(60),
  SOFTWARE_STATEMENT_ISSUERS: words.pipe(z.array(address)),
  CLIENT_ID_METADATA: z.enum(['off', 'listed', 'open']).default('off'),
  CLIENT_ID_METADATA_HOSTS: words,
  CLIENT_ID_METADATA_BLOCKED_HOSTS: words,
  SOURCE_REQUESTS_PER_SECOND: perSecond(500),
  CLIENT_TOKENS_PER_SECOND: perSecond(300),
  // 320 a second from the 40 instances that a deployment may grow to: less than the 400 signatures of one vault.
  CLIENT_SHARE_PER_SECOND: perSecond(8),
  AUTHORIZATION_TOKENS_PER_SECOND: perSecond(2),
  CACHED_CLIENTS: z.coerce.number().int().min(100).max(1_000_000).default(10_000),
  // What an operator changed in a client reaches other instances so late.
  CLIENT_CACHE_SECONDS: seconds(60, 3_600),
  REMEMBERED_CALLERS: z.coerce.number().int().min(1_000).max(1_000_000).default(20_000),
  SWEEP_ROWS: z.coerce.number().int().min(1_000).max(1_280_000).default(20_000),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  COUNTRY_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
    .optional(),
});

/** Names of every environment variable that Assent reads; `infra/` is tested against it. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

export type Config = {
  /** Origin, byte for byte what `iss` carries. Never derived from a request. */
  readonly issuer: string;
  /** True only for an http issuer on a loopback address: the one flag behind every relaxation for local runs. */
  readonly insecureLoopback: boolean;
  readonly brandName: string;
  readonly tablesUrl: string;
  /** More accounts, for parts of the tables that grow with people. */
  readonly furtherTablesUrls: readonly string[];
  readonly signing: {
    readonly keys: readonly string[];
    readonly algorithm: SigningAlgorithm;
    /** All that the keys sign with, `algorithm` first: clients may be registered for any of them. */
    readonly algorithms: readonly SigningAlgorithm[];
  };
  /** Key Vault key that wraps the deployment's secret. */
  readonly wrappingKey: string;
  readonly dataIdentityClientId: string;
  readonly signIn: {
    readonly issuer: string;
    readonly clientId: string;
    /** Client id of the user-assigned identity whose token is our client assertion. */
    readonly identityClientId: string;
    readonly assertionScope: string;
    /** The upstream claim that never changes for a person: `oid` for Entra ID, else `sub`. */
    readonly subjectClaim: string;
    readonly operators: readonly string[];
    readonly operatorRole: string;
    readonly auditorRole: string;
  };
  readonly resources: readonly Resource[];
  readonly registration: {
    /** Whether clients may register themselves (RFC 7591): with a token of an operator's, or as they like. */
    readonly mode: 'off' | 'token' | 'open';
    /** Issuers whose software statements are taken. */
    readonly statementIssuers: readonly string[];
  };
  readonly clientDocuments: {
    /** Whether clients may be known by a document at their own address: at listed hosts, or at all that are not blocked. */
    readonly mode: 'off' | 'listed' | 'open';
    /** Hosts, in lower case; `*.example.com` is every host below. */
    readonly hosts: readonly string[];
    readonly blockedHosts: readonly string[];
  };
  /** Whether authorization requests must be pushed (RFC 9126 §5). */
  readonly requirePushed: boolean;
  /** Whether every DPoP proof must hold a nonce of ours (RFC 9449 §8). */
  readonly requireDpopNonce: boolean;
  readonly lifetimes: Lifetimes;
  /** What one instance keeps in memory, at most: clients, for how many seconds, and keys of each rate limit. */
  readonly caches: { readonly clients: number; readonly clientSeconds: number; readonly callers: number };
  /** Rows of one table that a run of the clean-up deletes at most. */
  readonly sweepRows: number;
  /** Proxies of our own in front of Azure's front end, each of which adds an entry to X-Forwarded-For. */
  readonly trustedProxies: number;
  /** Header in which a proxy in front names the caller's country; undefined where none does. */
  readonly countryHeader: string | undefined;
  readonly rates: {
    readonly sourcePerSecond: number;
    readonly sourceRegistrationsPerHour: number;
    readonly clientPerSecond: number;
    readonly clientSharePerSecond: number;
    readonly authorizationPerSecond: number;
  };
};

type Lifetimes = {
  readonly accessTokenSeconds: number;
  readonly codeSeconds: number;
  readonly refreshIdleSeconds: number;
  readonly refreshAbsoluteSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly refreshGraceUses: number;
  readonly sessionIdleSeconds: number;
  readonly sessionAbsoluteSeconds: number;
  readonly approvalSeconds: number;
};

/** Reads the environment. Throws one Error that lists every problem, one per line. */
export const readConfig = (variables: Record<string, string | undefined> = process.env): Config => {
  const parsed = environment.safeParse(withoutEmpty(variables));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`Configuration is not usable:\n${problems.join('\n')}`);
  }
  const e = parsed.data;
  requireOfferedAlgorithms(e.RESOURCES, algorithmsBeside(e.SIGNING_ALGORITHM));
  return {
    issuer: e.ISSUER,
    insecureLoopback: e.ISSUER.startsWith('http:'),
    brandName: e.BRAND_NAME,
    tablesUrl: e.TABLES_URL,
    furtherTablesUrls: e.FURTHER_TABLES_URLS,
    signing: {
      keys: e.SIGNING_KEYS,
      algorithm: e.SIGNING_ALGORITHM,
      algorithms: algorithmsBeside(e.SIGNING_ALGORITHM),
    },
    wrappingKey: e.WRAPPING_KEY ?? wrappingKeyBeside(e.SIGNING_KEYS[0] ?? ''),
    dataIdentityClientId: e.DATA_IDENTITY_CLIENT_ID,
    signIn: {
      issuer: e.SIGN_IN_ISSUER,
      clientId: e.SIGN_IN_CLIENT_ID,
      identityClientId: e.SIGN_IN_IDENTITY_CLIENT_ID,
      assertionScope: e.SIGN_IN_ASSERTION_SCOPE,
      subjectClaim: e.SIGN_IN_SUBJECT_CLAIM,
      operators: e.OPERATORS.map((one) => canonicalSubject(one, e.SIGN_IN_SUBJECT_CLAIM)),
      operatorRole: e.OPERATOR_ROLE,
      auditorRole: e.AUDITOR_ROLE,
    },
    resources: e.RESOURCES,
    registration: { mode: e.REGISTRATION, statementIssuers: e.SOFTWARE_STATEMENT_ISSUERS },
    clientDocuments: {
      mode: e.CLIENT_ID_METADATA,
      hosts: e.CLIENT_ID_METADATA_HOSTS.map((host) => host.toLowerCase()),
      blockedHosts: e.CLIENT_ID_METADATA_BLOCKED_HOSTS.map((host) => host.toLowerCase()),
    },
    requirePushed: e.REQUIRE_PAR === 'true',
    requireDpopNonce: e.DPOP_NONCE === 'required',
    lifetimes: {
      accessTokenSeconds: e.ACCESS_TOKEN_SECONDS,
      codeSeconds: e.CODE_SECONDS,
      refreshIdleSeconds: e.REFRESH_IDLE_SECONDS,
      refreshAbsoluteSeconds: e.REFRESH_ABSOLUTE_SECONDS,
      refreshGraceSeconds: e.REFRESH_GRACE_SECONDS,
      refreshGraceUses: e.REFRESH_GRACE_USES,
      sessionIdleSeconds: e.SESSION_IDLE_SECONDS,
      sessionAbsoluteSeconds: e.SESSION_ABSOLUTE_SECONDS,
      approvalSeconds: e.APPROVAL_SECONDS,
    },
    caches: { clients: e.CACHED_CLIENTS, clientSeconds: e.CLIENT_CACHE_SECONDS, callers: e.REMEMBERED_CALLERS },
    sweepRows: e.SWEEP_ROWS,
    trustedProxies: e.TRUSTED_PROXIES,
    countryHeader: e.COUNTRY_HEADER,
    rates: {
      sourcePerSecond: e.SOURCE_REQUESTS_PER_SECOND,
      sourceRegistrationsPerHour: e.SOURCE_REGISTRATIONS_PER_HOUR,
      clientPerSecond: e.CLIENT_TOKENS_PER_SECOND,
      clientSharePerSecond: e.CLIENT_SHARE_PER_SECOND,
      authorizationPerSecond: e.AUTHORIZATION_TOKENS_PER_SECOND,
    },
  };
};

/** Throws for a resource whose tokens no key can sign as it wants. */
const requireOfferedAlgorithms = (resources: readonly Resource[], offered: readonly SigningAlgorithm[]): void => {
  for (const { identifier, signingAlgorithm } of resources)
    if (signingAlgorithm !== undefined && !offered.includes(signingAlgorithm))
      throw new Error(
        `Configuration is not usable:\n  RESOURCES: ${identifier}: signingAlgorithm must be ${offered.join(' or ')}`,
      );
};

/** By default in the vault of the first signing key. */
const wrappingKeyBeside = (signingKey: string): string => `${new URL(signingKey).origin}/keys/assent-wrapping`;

/** An empty setting in the portal means "not set", so defaults apply to it too. */
const withoutEmpty = (variables: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
