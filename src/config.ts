/**
 * Environment variables -> Config. This is the only file that reads `process.env`, and the only list of settings:
 * `infra/` sets exactly these names. Every problem is reported at once, because an operator fixes them in one edit.
 */
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import { parseResources } from './oauth/access/catalogue.ts';
import type { Resource } from './oauth/access/resources.ts';
import { isTrustworthy } from './oauth/addresses.ts';
import { type BrandLogo, brandLogoIn } from './oauth/images/brand-logo.ts';
import { canonicalSubject } from './oauth/tokens/locator.ts';
import { algorithmsBeside, type SigningAlgorithm } from './signing/algorithms.ts';

const address = z.string().check(z.refine(isTrustworthy, 'must be an https URL (http only for a loopback address)'));

const origin = address.check(
  z.refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin: no path, no trailing slash, no query',
  ),
);

/** Rows name accounts by these addresses, so each has one spelling. */
const account = z.pipe(
  address,
  z.transform((text) => text.replace(/\/$/, '')),
);

const day = 86_400;

// Made once for all: each takes as long to make as reading a setting does, and every new instance reads them all.
const number = z.coerce.number();
const isWhole = z.int();
const positive = number.check(z.positive());

/** Nothing may last for ever by a digit too many: each has the longest time that anybody could mean. */
const whole = (least: number, most: number, fallback: number) =>
  z._default(number.check(isWhole, z.gte(least), z.lte(most)), fallback);
const seconds = (fallback: number, longest: number) => whole(1, longest, fallback);
const perSecond = (fallback: number) => z._default(positive, fallback);

const text = z.string().check(z.minLength(1));
const textOr = (fallback: string) => z._default(text, fallback);
const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z._default(z.enum(names), names[0]);

const list = z.pipe(
  z._default(z.string(), ''),
  z.transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  ),
);

/** What an address cannot hold parts the items, and a comma may not be at hand: settings are passed on in a list of them. */
const words = z.pipe(
  z._default(z.string(), ''),
  z.transform((text) => text.split(/[\s,]+/).filter((item) => item !== '')),
);

const resources = z.pipe(
  z._default(z.string(), '[]'),
  z.transform((text, context): readonly Resource[] => {
    try {
      return parseResources(JSON.parse(text));
    } catch (error) {
      context.issues.push({
        code: 'custom',
        input: text,
        message: error instanceof Error ? error.message : 'must be JSON',
      });
      return z.NEVER;
    }
  }),
);

/** Every instance has it in memory, and every setting has to go through command lines. */
const logoCharacters = 24_000;

const logo = z.pipe(
  z
    .string()
    .check(
      z.maxLength(logoCharacters, `must have at most ${logoCharacters} characters`),
      z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be the file in base64'),
    ),
  z.transform((text, context): BrandLogo => {
    try {
      return brandLogoIn(Buffer.from(text, 'base64'));
    } catch (error) {
      context.issues.push({
        code: 'custom',
        input: text,
        message: error instanceof Error ? error.message : 'unreadable',
      });
      return z.NEVER;
    }
  }),
);

/** SIGN_IN_CLIENT_ID of a deployment whose application nobody has registered yet (infra/modules/app.bicep). */
export const unregisteredClientId = '00000000-0000-0000-0000-000000000000';

const environment = z.object({
  ISSUER: origin,
  BRAND_NAME: z._default(text.check(z.maxLength(60)), 'Assent'),
  BRAND_ACCENT: z.optional(z.string().check(z.regex(/^#[0-9A-Fa-f]{6}$/, 'must be a colour such as #0b5c47'))),
  BRAND_LOGO: z.optional(logo),
  TABLES_URL: account,
  FURTHER_TABLES_URLS: z.pipe(list, z.array(account)),
  SIGNING_KEYS: z.pipe(list, z.array(address).check(z.minLength(1, 'must name at least one Key Vault key'))),
  WRAPPING_KEY: z.optional(address),
  SIGNING_ALGORITHM: oneOf('RS256', 'PS256', 'ES256'),
  REQUIRE_PAR: z._default(z.enum(['true', 'false']), 'false'),
  DPOP_NONCE: oneOf('optional', 'required'),
  DATA_IDENTITY_CLIENT_ID: text,
  SIGN_IN_ISSUER: address,
  SIGN_IN_CLIENT_ID: text,
  SIGN_IN_IDENTITY_CLIENT_ID: text,
  SIGN_IN_ASSERTION_SCOPE: textOr('api://AzureADTokenExchange/.default'),
  SIGN_IN_SUBJECT_CLAIM: textOr('sub'),
  OPERATORS: list,
  OPERATOR_ROLE: textOr('Assent.Operator'),
  AUDITOR_ROLE: textOr('Assent.Auditor'),
  RESOURCES: resources,
  // A resource server that does not introspect takes a revoked token for so long.
  ACCESS_TOKEN_SECONDS: seconds(600, day),
  // OAuth 2.1 §4.1.2: ten minutes at most.
  CODE_SECONDS: seconds(60, 600),
  REFRESH_IDLE_SECONDS: seconds(90 * day, 5 * 365 * day),
  REFRESH_ABSOLUTE_SECONDS: seconds(365 * day, 5 * 365 * day),
  // A thief of the previous token rides along for so long.
  REFRESH_GRACE_SECONDS: whole(0, 600, 60),
  REFRESH_GRACE_USES: whole(0, 100, 10),
  SESSION_IDLE_SECONDS: seconds(8 * 3_600, 30 * day),
  SESSION_ABSOLUTE_SECONDS: seconds(day, 90 * day),
  APPROVAL_SECONDS: seconds(1_800, day),
  REGISTRATION: oneOf('off', 'token', 'open'),
  SOURCE_REGISTRATIONS_PER_HOUR: whole(1, 1_000_000, 60),
  SOFTWARE_STATEMENT_ISSUERS: z.pipe(words, z.array(address)),
  CLIENT_ID_METADATA: oneOf('off', 'listed', 'open'),
  CLIENT_ID_METADATA_HOSTS: words,
  CLIENT_ID_METADATA_BLOCKED_HOSTS: words,
  SOURCE_REQUESTS_PER_SECOND: perSecond(500),
  CLIENT_TOKENS_PER_SECOND: perSecond(300),
  // 320 a second from the 40 instances that a deployment may grow to: less than the 400 signatures of one vault.
  CLIENT_SHARE_PER_SECOND: perSecond(8),
  AUTHORIZATION_TOKENS_PER_SECOND: perSecond(2),
  CACHED_CLIENTS: whole(100, 1_000_000, 10_000),
  CACHED_SESSIONS: whole(0, 100_000, 1_000),
  // What an operator changed in a client reaches other instances so late.
  CLIENT_CACHE_SECONDS: seconds(60, 3_600),
  REMEMBERED_CALLERS: whole(1_000, 1_000_000, 20_000),
  SWEEP_ROWS: whole(1_000, 1_280_000, 20_000),
  // Longer than that events are of no use to whoever investigates, and the log of people's doings is no archive.
  AUDIT_DAYS: whole(90, 3_650, 400),
  MAIL_ENDPOINT: z.optional(origin),
  MAIL_SENDER: z.optional(z.string().check(z.regex(/^[^\s@]+@[^\s@]+$/, 'must be an address of mail'))),
  TRUSTED_PROXIES: whole(0, 5, 0),
  COUNTRY_HEADER: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header'))),
});

/** Names of every environment variable that Assent reads; `infra/` is tested against it. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

/** The settings that are set, as they are: none of them is a secret. */
export const settingsIn = (variables: Record<string, string | undefined> = process.env): Record<string, string> =>
  withoutEmpty(Object.fromEntries(settingNames.map((name) => [name, variables[name]])));

export type Config = {
  /** Origin, byte for byte what `iss` carries. Never derived from a request. */
  readonly issuer: string;
  /** True only for an http issuer on a loopback address: the one flag behind every relaxation for local runs. */
  readonly insecureLoopback: boolean;
  readonly brandName: string;
  /** `#rrggbb`; undefined for Assent's own colours. */
  readonly brandAccent: string | undefined;
  readonly brandLogo: BrandLogo | undefined;
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
  /** What one instance keeps in memory, at most: clients, for how many seconds, sessions of each kind, and keys of each rate limit. */
  readonly caches: {
    readonly clients: number;
    readonly clientSeconds: number;
    readonly sessions: number;
    readonly callers: number;
  };
  /** Azure Communication Services, and the sender's address; undefined where no mail is sent. */
  readonly mail: { readonly endpoint: string; readonly sender: string } | undefined;
  /** Rows of one table that a run of the clean-up deletes at most. */
  readonly sweepRows: number;
  /** How long events are kept, in the audit log and in a person's own partition. */
  readonly auditSeconds: number;
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
  const parsed = environment.safeParse(withoutEmpty(variables), { error: en().localeError });
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
    brandAccent: e.BRAND_ACCENT?.toLowerCase(),
    brandLogo: e.BRAND_LOGO,
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
    caches: {
      clients: e.CACHED_CLIENTS,
      clientSeconds: e.CLIENT_CACHE_SECONDS,
      sessions: e.CACHED_SESSIONS,
      callers: e.REMEMBERED_CALLERS,
    },
    mail: mailIn(e.MAIL_ENDPOINT, e.MAIL_SENDER),
    sweepRows: e.SWEEP_ROWS,
    auditSeconds: e.AUDIT_DAYS * day,
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

/** Throws when there is one without the other. */
const mailIn = (endpoint: string | undefined, sender: string | undefined): Config['mail'] => {
  if ((endpoint === undefined) !== (sender === undefined))
    throw new Error('Configuration is not usable:\n  MAIL_ENDPOINT, MAIL_SENDER: set both of them, or neither');
  return endpoint === undefined || sender === undefined ? undefined : { endpoint, sender };
};

/** By default in the vault of the first signing key. */
const wrappingKeyBeside = (signingKey: string): string => `${new URL(signingKey).origin}/keys/assent-wrapping`;

/** An empty setting in the portal means "not set", so defaults apply to it too. */
const withoutEmpty = (variables: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
