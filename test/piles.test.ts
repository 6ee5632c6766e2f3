/**
 * Rows that others have made cost nobody anything: with a pile of them in one person's partition every request of theirs
 * still answers, within its budget.
 */
import { TableClient, type TransactionAction } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataIdentity, storageAudience } from '../local/identity/identities.ts';
import { users } from '../local/provider/users.ts';
import { clientKeyOf, userKeyOf } from '../src/oauth/tokens/locator.ts';
import { approvalPageOf } from './support/approval.ts';
import { formsIn } from './support/forms.ts';
import { signedInAt } from './support/people.ts';
import type { Page, Person } from './support/person.ts';
import { type StoredRow, storedRows } from './support/rows.ts';
import { okJson, refusalOf, register, type Service, type TokenSet } from './support/service.ts';
import { type Stack, startStack } from './support/stack.ts';

/** A third of them is more pages than any request here may read. */
const size = Number(process.env.PILE_ROWS ?? 39_000);
const patienceMilliseconds = 60_000 + size * 6;

let stack: Stack;
let alice: Person;
let service: Service;
let tokens: TokenSet;

const partition = () => {
  const subject = users.find(({ login }) => login === 'alice')?.objectId ?? '';
  return userKeyOf(stack.provider.issuer, subject).toString('hex');
};

/** Past every host and proxy. */
const openUsers = (): TableClient => {
  const getToken = async () => ({
    token: await stack.identity.issue(dataIdentity, storageAudience),
    expiresOnTimestamp: Date.now() + 600_000,
  });
  const url = `https://localhost:${stack.ports.tables}/devstoreaccount1`;
  return new TableClient(url, 'users', { getToken }, { tlsOptions: { ca: stack.certificate.authority } });
};

type Planted = { readonly rowKey: string } & Readonly<Record<string, unknown>>;

const plant = async (count: number, rowOf: (index: number) => Planted): Promise<void> => {
  const table = openUsers();
  const batchSize = 100;
  for (let start = 0; start < count; start += batchSize) {
    const actions = Array.from(
      { length: Math.min(batchSize, count - start) },
      (_, at): TransactionAction => ['create', { partitionKey: partition(), ...rowOf(start + at) }],
    );
    await table.submitTransaction(actions);
  }
};

const columnsOf = (row: StoredRow | undefined): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row ?? {}).filter(([name]) => !/^(PartitionKey|RowKey|Timestamp|odata)/.test(name)),
  );

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  alice = await signedInAt(stack);
  service = await register(stack.issuer);
  tokens = await service.tokens(alice);
  const rows = await storedRows(stack, 'users', partition());
  const like = (prefix: string) => columnsOf(rows.find(({ RowKey }) => RowKey.startsWith(prefix)));
  const [session, event, family] = [like('session:'), like('history:'), like('family:')];
  const clientHex = clientKeyOf(service.registration.clientId).toString('hex');
  const hex = (index: number) => index.toString(16).padStart(32, '0');
  const third = Math.floor(size / 3);
  await plant(third, (at) => ({ ...session, rowKey: `session:${hex(at)}` }));
  await plant(third, (at) => ({ ...event, rowKey: `history:${String(at).padStart(10, '0')}:${hex(at)}` }));
  // Left over of connections long gone, of the very service that is in use.
  await plant(size - 2 * third, (at) => ({ ...family, state: 'ended', rowKey: `family:${clientHex}:${hex(at)}` }));
}, patienceMilliseconds);

afterAll(() => stack.stop());

/** The answer, and how many storage calls it took. */
const counted = async (send: () => Promise<Response>): Promise<{ answer: Response; calls: number }> => {
  stack.tableProxy.requests.length = 0;
  const answer = await send();
  return { answer, calls: stack.tableProxy.requests.length };
};

const list = async (): Promise<Page> => {
  const page = await alice.visit(`${stack.issuer}/authorizations`);
  if (page.kind !== 'page') throw new Error('no page');
  return page;
};

const submit = (page: Page, path: string, fields: Readonly<Record<string, string>>): Promise<Response> => {
  const form = formsIn(page.html).find(({ action }) => action.endsWith(path));
  const token = form?.fields.find(({ name }) => name === 'token')?.value ?? '';
  return alice.send(`${stack.issuer}${path}`, {
    method: 'POST',
    body: new URLSearchParams({ token, ...fields }),
    headers: { origin: stack.issuer, 'sec-fetch-site': 'same-origin' },
  });
};

describe(`${size} rows of one person`, () => {
  it('leave signing in, asking, approving, redeeming and refreshing at what they cost', async () => {
    await signedInAt(stack);
    const silent = await counted(() => alice.send(service.authorization().url));
    expect([silent.answer.status, silent.calls]).toEqual([303, 3]);
    const refreshed = await counted(() => service.refresh(tokens.refresh_token));
    // By what this instance wrote last.
    expect([refreshed.answer.status, refreshed.calls]).toEqual([200, 1]);
    tokens = await okJson<TokenSet>(refreshed.answer);
    const asked = await approvalPageOf(alice, service.authorization({ prompt: 'consent' }).url);
    expect((await alice.decide(asked, { decision: 'approve' })).kind).toBe('departure');
    for (let count = 0; count < 100; count++) await service.code(alice);
    await service.tokens(alice);
  });

  it(
    'are shown as far as a page goes, in a bounded number of reads',
    async () => {
      const { answer, calls } = await counted(() => alice.send(`${stack.issuer}/authorizations`));
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('Fabrikam Reports');
      expect(calls).toBeLessThan(12);
    },
    patienceMilliseconds,
  );

  it(
    'do not keep anybody from revoking: one, or all',
    async () => {
      const other = await register(stack.issuer, { client_name: 'Another' });
      const others = await other.tokens(alice);
      const page = await list();
      const id = clientKeyOf(service.registration.clientId).toString('hex');
      const one = await counted(() => submit(page, '/authorizations/revoke', { authorization: id }));
      expect([one.answer.status, one.calls]).toEqual([303, 4]);
      const invalidGrant = { status: 400, error: 'invalid_grant' };
      expect(await refusalOf(service.refresh(tokens.refresh_token))).toEqual(invalidGrant);
      await service.tokens(alice);
      const all = await counted(() => submit(page, '/authorizations/revoke-all', {}));
      expect([all.answer.status, all.calls]).toEqual([303, 6]);
      expect(await refusalOf(other.refresh(others.refresh_token))).toEqual(invalidGrant);
    },
    patienceMilliseconds,
  );
});
