/** What operators send to the admin API, and what touches the clients' own rows, as scenarios for faults of the storage. */
import { randomBytes } from 'node:crypto';
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { administer, register, type Service } from '../support/service.ts';
import type { Scenario } from './cases.ts';
import type { Lane } from './lanes.ts';

type Order = Parameters<typeof administer>[1];

const metadata = (name: string) => ({
  client_name: name,
  redirect_uris: ['https://reports.fabrikam.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'vso.work vso.code',
});

const newName = (): string => `Fabrikam ${randomBytes(6).toString('hex')}`;

const marksOfClient = ({ registration }: Service): readonly string[] => [
  clientKeyOf(registration.clientId).toString('hex'),
  registration.clientId,
];

const expecting =
  (...statuses: readonly number[]) =>
  ({ status, text }: Answer): string | undefined =>
    statuses.includes(status) ? undefined : `${status} ${text}`;

type OrderScenario = Pick<Scenario, 'name' | 'operations'> & {
  readonly order: (clientId: string) => Order;
  readonly statuses: readonly number[];
  readonly afterwards: (client: Service, issuer: string) => Promise<string | undefined>;
};

/** An order about a client that nobody else uses. */
const aboutClient = ({ order, statuses, afterwards, ...scenario }: OrderScenario): Scenario => ({
  ...scenario,
  audience: 'services',
  isImpersonal: true,
  prepare: async ({ stack }: Lane) => {
    const client = await register(stack.issuer);
    return {
      marks: marksOfClient(client),
      send: () => administer(stack.issuer, order(client.registration.clientId)),
      problem: expecting(...statuses),
      afterwards: () => afterwards(client, stack.issuer),
    };
  },
});

const stored = async ({ registration }: Service, issuer: string): Promise<Answer> =>
  answerOf(administer(issuer, { method: 'GET', path: `apps/${registration.clientId}` }));

const nothingMore = async (): Promise<undefined> => undefined;

export const operatorScenarios: readonly Scenario[] = [
  {
    name: 'the registration of a client',
    operations: 2,
    audience: 'services',
    isImpersonal: true,
    prepare: async ({ stack }) => {
      const name = newName();
      return {
        marks: [name],
        send: () => administer(stack.issuer, { method: 'POST', path: 'apps', body: metadata(name) }),
        problem: expecting(201),
        afterwards: async ({ body }) => {
          const path = `apps/${body.client_id}`;
          return expecting(200)(await answerOf(administer(stack.issuer, { method: 'GET', path })));
        },
      };
    },
  },
  aboutClient({
    name: 'reading a client',
    operations: 1,
    order: (clientId) => ({ method: 'GET', path: `apps/${clientId}` }),
    statuses: [200],
    afterwards: nothingMore,
  }),
  aboutClient({
    name: 'the change of a client',
    operations: 4,
    order: (clientId) => ({ method: 'PUT', path: `apps/${clientId}`, body: metadata('Fabrikam Renamed') }),
    statuses: [200],
    afterwards: async (client, issuer) =>
      (await stored(client, issuer)).body.client_name === 'Fabrikam Renamed' ? undefined : 'the name is the old one',
  }),
  aboutClient({
    name: 'a second secret',
    operations: 3,
    order: (clientId) => ({ method: 'POST', path: `apps/${clientId}/secrets`, body: { expires_in: 3_600 } }),
    // 409: the one that nobody got to know landed after its 503, and has to be deleted first.
    statuses: [201, 409],
    afterwards: async (client, issuer) => {
      const secrets = (await stored(client, issuer)).body.assent_secrets as readonly unknown[];
      return secrets.length === 2 ? undefined : `there are ${secrets.length} secrets`;
    },
  }),
  aboutClient({
    name: 'the deletion of a client',
    operations: 6,
    order: (clientId) => ({ method: 'DELETE', path: `apps/${clientId}` }),
    // 404: it was deleted although nobody could say so.
    statuses: [204, 404],
    afterwards: async (client, issuer) => {
      const { status } = await client.refresh('assent_rt_none');
      return status === 401 ? expecting(404)(await stored(client, issuer)) : `the client still gets ${status}`;
    },
  }),
  aboutClient({
    name: 'an order to void what a client was issued',
    operations: 5,
    order: (clientId) => ({ method: 'POST', path: 'not-before', body: { client_id: clientId } }),
    statuses: [200],
    afterwards: nothingMore,
  }),
  {
    name: 'the first token of a client, whose row is not cached',
    operations: 1,
    audience: 'services',
    isImpersonal: true,
    prepare: async ({ stack }) => {
      const client = await register(stack.issuer, { grant_types: ['client_credentials'], redirect_uris: [] });
      return {
        marks: marksOfClient(client),
        send: () => client.token({ grant_type: 'client_credentials', scope: 'vso.work' }),
        problem: expecting(200),
        afterwards: nothingMore,
      };
    },
  },
];
