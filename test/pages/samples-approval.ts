/** The approval page in every state and language, with the permissions that come with Assent. */
import { askedPermissions } from '../../src/functions/oauth/asked-permissions.ts';
import { parseResources } from '../../src/oauth/access/catalogue.ts';
import type { StoredGrant } from '../../src/oauth/grants/grant.ts';
import { type Approval, approvalPage } from '../../src/pages/approval.ts';
import type { Html } from '../../src/pages/html.ts';
import type { Words } from '../../src/pages/words/words.ts';
import { approval } from './samples.ts';

const api = 'https://api.contoso.example';
const resources = parseResources([{ identifier: api, name: 'Contoso DevOps' }]);

/** Every scope that can be asked for there. */
export const everyScope = resources.flatMap(({ permissions }) => [...permissions.keys()]);

const some = ['vso.code_write', 'vso.code', 'vso.work', 'vso.build_execute', 'vso.profile'];

const allowed = {
  permissions: [`${api} vso.work`],
  declined: [`${api} vso.code`],
  once: [],
} as unknown as StoredGrant;

const { client } = approval();
const app = { ...client, verified: false, recipient: 'app', redirectHost: '127.0.0.1' } as const;
const device = { ...client, verified: false, recipient: 'device', redirectHost: '' } as const;

type State = {
  readonly scopes: readonly string[];
  readonly grant?: StoredGrant;
  readonly changes?: Partial<Approval>;
};

const states = {
  'a verified website': { scopes: some, changes: { client: { ...client, publisher: 'Fabrikam GmbH' } } },
  'an app that nobody has verified': { scopes: some, changes: { client: app } },
  'a device that nobody has verified': {
    scopes: some,
    changes: {
      client: device,
      action: '/device/decision',
      device: { userCode: 'WDJB-MJHT', place: '203.0.113.7', agent: 'WingtipTV/3.1 (living room)' },
    },
  },
  'a service that has changed': {
    scopes: some,
    grant: allowed,
    changes: { changes: { hosts: ['old.fabrikam.example'] } },
  },
  'a service that asks for everything': { scopes: everyScope },
  'a service whose authorization ends sooner by a rule': {
    scopes: some,
    changes: {
      lasting: {
        ...approval().lasting,
        offered: ['once', 'until revoked'],
        isRuled: true,
        longestSeconds: 7 * 86_400,
      },
    },
  },
} as const satisfies Readonly<Record<string, State>>;

export type StateName = keyof typeof states;
export const stateNames = Object.keys(states) as readonly StateName[];

/** The page in a state, for who reads these words. */
export const approvalIn = (name: StateName, words: Words): Html => {
  const { scopes, grant, changes }: State = states[name];
  const asked = { scopes, resources: [api] } as unknown as Parameters<typeof askedPermissions>[0];
  const permissions = askedPermissions(asked, { resources, grant, ticked: undefined, words });
  return approvalPage({ ...approval(), permissions, ...changes, words });
};
