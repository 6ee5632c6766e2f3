/**
 * Mails that are to be sent, in the order in which they are to be looked at, and the mailboxes of people.
 *
 *   table deployment   PartitionKey mails      RowKey <when to look again>:<id of the event>
 *                      what the mail tells of; attempts: how often it was looked at. It goes when the service has sent it.
 *   table users        RowKey profile (`user-rows.ts`)
 *                      mailAddress, mailLanguage: by the last sign-in; empty where no mail is sent
 *                      mailed: JSON, the ids and instants of events of the last day of which a mail was made
 */
import { Unavailable } from '../oauth/errors.ts';
import type { Table } from './table.ts';
import { partitionOf } from './user-rows.ts';

/** What a mail tells of; never to whom. */
type MailNews = {
  readonly userKey: Buffer;
  /** Of the event, and unique. */
  readonly id: string;
  readonly kind: string;
  /** Epoch seconds. */
  readonly at: number;
  readonly clientName: string;
  readonly permissions: readonly string[];
};

export type WaitingMail = MailNews & { readonly attempts: number; readonly rowKey: string };

type Mailed = readonly (readonly [id: string, at: number])[];

export type Mailbox = {
  readonly address: string;
  readonly language: string;
  readonly accountName: string;
  /** Of the last day, as it was written. */
  readonly mailed: Mailed;
  readonly etag: string;
};

export type Mails = {
  /** To be sent at once. The same twice is one. Throws `Unavailable`. */
  add(news: MailNews): Promise<void>;
  /** Those whose time has come, the oldest first, at most 1,000. Throws `Unavailable`. */
  due(now: number): Promise<readonly WaitingMail[]>;
  /** To be looked at again, then. Undefined when somebody else has taken it: of several at once, one gets it. */
  postpone(mail: WaitingMail, until: number): Promise<WaitingMail | undefined>;
  finish(mail: WaitingMail): Promise<void>;
  /** Undefined where no mail is sent. One read. Throws `Unavailable`. */
  mailbox(userKey: Buffer): Promise<Mailbox | undefined>;
  /** False when the mailbox is not the one that was read. Throws `Unavailable`. */
  remember(userKey: Buffer, mailbox: Mailbox, mailed: Mailed): Promise<boolean>;
};

const partitionKey = 'mails';

type Columns = {
  readonly userKey: string;
  readonly kind: string;
  readonly at: number;
  readonly clientName: string;
  readonly permissions: string;
  readonly attempts: number;
};

type ProfileColumns = {
  readonly mailAddress?: string;
  readonly mailLanguage?: string;
  readonly accountName?: string;
  readonly mailed?: string;
};

const rowKeyAt = (instant: number, id: string): string => `${String(instant).padStart(10, '0')}:${id}`;

const columnsOf = ({ userKey, kind, at, clientName, permissions }: MailNews) => ({
  userKey: userKey.toString('hex'),
  kind,
  at,
  clientName,
  permissions: JSON.stringify(permissions),
});

export const openMails = (deployment: Table, users: Table): Mails => ({
  add: async (news) => {
    const insert = { partitionKey, rowKey: rowKeyAt(news.at, news.id), ...columnsOf(news), attempts: 0 };
    const outcome = await deployment.write([{ insert }]);
    if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
  },
  due: async (now) => {
    for await (const rows of deployment.pages<Columns>(partitionKey, '0', rowKeyAt(now + 1, '').slice(0, 10)))
      return rows.map(({ rowKey, userKey, kind, at, clientName, permissions, attempts }) => ({
        ...{ rowKey, kind, at, clientName, attempts },
        id: rowKey.slice(rowKey.indexOf(':') + 1),
        userKey: Buffer.from(userKey, 'hex'),
        permissions: JSON.parse(permissions) as readonly string[],
      }));
    return [];
  },
  postpone: async (mail, until) => {
    const moved = { ...mail, attempts: mail.attempts + 1, rowKey: rowKeyAt(until, mail.id) };
    const insert = { partitionKey, rowKey: moved.rowKey, ...columnsOf(mail), attempts: moved.attempts };
    const outcome = await deployment.write([{ insert }, { remove: { partitionKey, rowKey: mail.rowKey } }]);
    return outcome.kind === 'done' ? moved : undefined;
  },
  finish: async ({ rowKey }) => {
    await deployment.remove({ partitionKey, rowKey, etag: '*' });
  },
  mailbox: async (userKey) => {
    const row = await users.read<ProfileColumns>(partitionOf(userKey), 'profile');
    const { mailAddress = '', mailLanguage = '', accountName = '', mailed = '[]' } = row ?? {};
    if (row === undefined || mailAddress === '') return undefined;
    return {
      ...{ address: mailAddress, language: mailLanguage, accountName, etag: row.etag },
      mailed: JSON.parse(mailed) as Mailed,
    };
  },
  remember: async (userKey, { etag }, mailed) => {
    const update = { partitionKey: partitionOf(userKey), rowKey: 'profile', mailed: JSON.stringify(mailed) };
    const outcome = await users.write([{ update, etag }]);
    if (outcome.kind === 'unknown') throw new Unavailable('storage', { cause: outcome.cause });
    return outcome.kind === 'done';
  },
});
