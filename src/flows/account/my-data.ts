/** Everything that is stored about a person, for them to take along (GDPR Art. 15 and 20). */
import type { Session } from '../../oauth/authorization/session.ts';
import { subjectOf } from '../../oauth/tokens/locator.ts';
import type { Server } from '../../server.ts';
import type { AnyRow } from '../../storage/person-rows.ts';
import { type OwnedApp, ownedApps } from '../apps/owned.ts';

/** Rows of one file: ten calls, and far more than people have. */
const rowsPerFile = 10_000;

/** Columns that nobody but a thief could use, or that only this store's bookkeeping is about. */
const leftOut: readonly string[] = [
  ...['codeHash', 'codeChallenge', 'deviceCodeHash', 'familyBytesHash', 'currentHash', 'previousHash', 'salt'],
  ...['shownDigest', 'requestDigest', 'createdBy', 'redeemedBy', 'rotatedBy', 'countedBy', 'endedBy', 'fencedBy'],
  ...['revokedBy', 'narrowedBy', 'decidedBy', 'writeId', 'partitionKey', 'etag'],
];

/** Name in the file by the beginning of the row key; what is of no kind that is known here comes as it is. */
const kinds: Readonly<Record<string, string>> = {
  apps: 'services_you_look_after',
  audit: 'sign_ins_and_tokens',
  browser: 'services_that_signed_you_in',
  family: 'connections',
  grant: 'authorizations',
  history: 'history',
  profile: 'profile',
  request: 'asked_of_operators',
  session: 'browser_sessions',
};

/** One file of it, and the cursor of the next, if there is more. Throws `Unavailable`. */
export const myData = async (session: Session, after: string | undefined, server: Server) => {
  const { rows, next } = await server.store.personRows.read(session.userKey, { after, limit: rowsPerFile });
  const { subject } = await server.keys();
  // What lies elsewhere comes with the first file.
  const owned = after === undefined ? await ownedApps({ session, server }) : [];
  return {
    issuer: server.config.issuer,
    made_at: server.clock(),
    you: {
      /** What services know the person by, unless they have a name of their own for them. */
      sub: subjectOf(session.userKey, subject),
      name: session.displayName,
      account: session.accountName,
      ...(session.person === undefined ? {} : { by_your_sign_in_provider: session.person }),
    },
    times: 'seconds since 1970-01-01T00:00:00Z',
    left_out: { columns: leftOut, because: 'digests of secrets, and bookkeeping of the store' },
    kept_elsewhere: [
      'the audit log of the organisation',
      'an index of who authorized which service and of the names of accounts, made from what is here',
      'for about a day, that connections have ended, for resource servers to refuse their tokens',
      'for a day at most, what a mail to you is to say until it is sent',
    ],
    ...(owned.length === 0 ? {} : { you_at_services: owned.map((one) => ownerEntry(one, session)) }),
    ...Object.fromEntries([...Map.groupBy(rows, kindOf)].map(([kind, some]) => [kind, some.map(shownRow)])),
    next,
  };
};

/** What the service's own row says of the person. */
const ownerEntry = ({ clientId, name, registrant }: OwnedApp, { userKey }: Session) => {
  const own = registrant.owners.find((one) => one.userKey === userKey.toString('hex'));
  return { client_id: clientId, client_name: name, name: own?.name, account: own?.accountName, since: own?.since };
};

const kindOf = ({ rowKey }: AnyRow): string => {
  const [prefix = ''] = rowKey.split(':');
  return kinds[prefix] ?? prefix;
};

const shownRow = ({ rowKey, timestamp, ...columns }: AnyRow) => ({
  id: rowKey,
  written_at: timestamp,
  ...Object.fromEntries(
    Object.entries(columns)
      .filter(([name]) => !leftOut.includes(name) && !name.startsWith('odata'))
      .map(([name, value]) => [name, plain(value)]),
  ),
});

/** Lists are texts of JSON in their columns. */
const plain = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};
