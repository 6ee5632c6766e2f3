/** Somebody who has authorized thousands of services sees them page by page, in a bounded number of reads, and finds each. */
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity, storageAudience } from '../local/identity/identities.ts';
import { users } from '../local/provider/users.ts';
import { userKeyOf } from '../src/oauth/tokens/locator.ts';
import { formTokenIn, pageOf } from './support/managing.ts';
import { signedInAt } from './support/people.ts';
import type { Page, Person } from './support/person.ts';
import { storedRows } from './support/rows.ts';
import { register } from './support/service.ts';
import { type Stack, startStack } from './support/stack.ts';

/** More than are read at once; `npm run test:piles` has 10,000. */
const size = Number(process.env.PILE_AUTHORIZATIONS ?? 2_600);
const patienceMilliseconds = 60_000 + size * 20;

/** Of one page, whatever lies behind it. */
const callsOfPage = 12;

let stack: Stack;
let alice: Person;

const hex = (index: number): string => index.toString(16).padStart(32, '0');

const partition = (): string => {
  const subject = users.find(({ login }) => login === 'alice')?.objectId ?? '';
  return userKeyOf(stack.provider.issuer, subject).toString('hex');
};

/** The same authorization again and again, under other names, with a session each. */
const plant = async (): Promise<void> => {
  const rows = await storedRows(stack, 'users', partition());
  const like = (prefix: string): object => {
    const { PartitionKey, RowKey, Timestamp, ...columns } = rows.find((row) => row.RowKey.startsWith(prefix)) ?? {
      PartitionKey: '',
      RowKey: '',
    };
    return columns;
  };
  const [grant, family] = [like('grant:'), like('family:')];
  const getToken = async () => ({
    token: await stack.identity.issue(dataIdentity, storageAudience),
    expiresOnTimestamp: Date.now() + 600_000,
  });
  const url = `https://localhost:${stack.ports.tables}/devstoreaccount1`;
  const table = new TableClient(url, 'users', { getToken }, { tlsOptions: { ca: stack.certificate.authority } });
  for (let start = 0; start < size; start += 50) {
    const actions = Array.from({ length: Math.min(50, size - start) }, (_, at): TransactionAction[] => {
      const key = hex(start + at);
      const keys = { partitionKey: partition() };
      return [
        ['create', { ...keys, rowKey: `grant:${key}`, ...grant, clientName: `Service ${start + at};` }],
        ['create', { ...keys, rowKey: `family:${key}:${key}`, ...family }],
      ];
    });
    await table.submitTransaction(actions.flat());
  }
};

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  alice = await signedInAt(stack);
  await (await register(stack.issuer, { client_name: 'The first' })).tokens(alice);
  await plant();
}, patienceMilliseconds);

afterAll(() => stack.stop());

const namesIn = ({ html }: Page): readonly string[] =>
  [...html.matchAll(/<h3 id="service-\d+"><a [^>]*><bdi>(.*?)<\/bdi>/g)].map(([, name = '']) => name);

const nextIn = ({ html }: Page): string | undefined =>
  /<p class="next"><a class="button" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');

/** A page, which may cost no more than that. */
const cheapPage = async (path: string): Promise<Page> => {
  stack.tableProxy.requests.length = 0;
  const page = await pageOf(alice, `${stack.issuer}${path}`);
  expect(stack.tableProxy.requests.length).toBeLessThanOrEqual(callsOfPage);
  return page;
};

describe(`${size} authorizations of one person`, () => {
  it(
    'come page by page, each once, in a bounded number of reads',
    async () => {
      const seen: string[] = [];
      let path: string | undefined = '/authorizations';
      while (path !== undefined) {
        const page: Page = await cheapPage(path);
        seen.push(...namesIn(page));
        path = nextIn(page);
      }
      expect(seen).toHaveLength(size + 1);
      expect(new Set(seen).size).toBe(size + 1);
    },
    patienceMilliseconds,
  );

  it(
    'are searched in a bounded number of reads at a time',
    async () => {
      const wanted = `Service ${size - 1};`;
      let [path, found]: [string | undefined, readonly string[]] = [
        `/authorizations?q=${encodeURIComponent(wanted)}`,
        [],
      ];
      while (path !== undefined) {
        const page: Page = await cheapPage(path);
        found = [...found, ...namesIn(page)];
        path = nextIn(page);
      }
      expect(found).toEqual([wanted]);
    },
    patienceMilliseconds,
  );

  it(
    'are shown and revoked one by one at what one of a few costs',
    async () => {
      const key = hex(size - 1);
      const detail = await cheapPage(`/authorizations/${key}`);
      stack.tableProxy.requests.length = 0;
      const answer = await alice.send(`${stack.issuer}/authorizations/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: formTokenIn(detail), authorization: key }),
        headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
      });
      expect([answer.status, stack.tableProxy.requests.length]).toEqual([303, 4]);
      expect((await cheapPage(`/authorizations?revoked=${key}`)).html).toContain('class="next"');
    },
    patienceMilliseconds,
  );
});
