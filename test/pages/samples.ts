/** Every page with ordinary, long, empty and many data; the tests and nothing else use these. */

import { listedAddresses } from '../../src/functions/system/home.ts';
import { endpoints } from '../../src/functions/table.ts';
import { type Approval, approvalPage } from '../../src/pages/approval.ts';
import type { ApprovalDetail } from '../../src/pages/approval-details.ts';
import type { ApprovalPermission } from '../../src/pages/approval-permissions.ts';
import { type AuthorizationView, authorizationPage } from '../../src/pages/authorization.ts';
import { type AuthorizationsView, authorizationsPage } from '../../src/pages/authorizations.ts';
import { deviceConnectedPage, devicePage, deviceRefusedPage } from '../../src/pages/device.ts';
import { errorPage } from '../../src/pages/error.ts';
import { formPostPage } from '../../src/pages/form-post.ts';
import { homePage } from '../../src/pages/home.ts';
import { type Html, html } from '../../src/pages/html.ts';
import { erasedPage, erasePage, myDataPage } from '../../src/pages/my-data.ts';
import { reportedPage, reportPage } from '../../src/pages/report.ts';
import type { AuthorizationSummary } from '../../src/pages/service-row.ts';
import { type SessionsView, sessionsPage } from '../../src/pages/sessions.ts';
import { signedOutPage, signOutPage } from '../../src/pages/sign-out.ts';
import { wordsIn } from '../../src/pages/words/words.ts';
import { appSamples } from './samples-apps.ts';

const addresses = listedAddresses(endpoints);

/** 21 November 2026, 18:30 UTC */
const now = 1_795_285_800;

const words = await wordsIn('en');

export const site = { brandName: 'Contoso', issuer: 'https://login.contoso.example', words };

export const account = { name: 'Alice Example', accountName: 'alice@contoso.example' };

const catalogue = [
  ['Work items', 'See your work items', 'Work items, boards, backlogs, queries and their history.', false, 'list'],
  ['Work items', 'Change your work items', 'Create and change work items, and update boards.', false, 'list'],
  ['Code', 'Change and delete your source code', 'Push changes, and open pull requests.', true, 'code'],
  ['Build', 'Start your builds', 'Start builds, besides seeing their results.', true, 'play'],
  ['Profile', 'See your profile', 'Your name, your picture and your time zone.', false, 'person'],
  ['Service hooks', 'See your notifications', 'Your subscriptions and the events behind them.', false, 'bell'],
] as const;

const included = {
  name: 'See your work items',
  description: 'Work items, boards, backlogs, queries and their history.',
};

export const permission = (index: number): ApprovalPermission => {
  const [category, name, description, highPrivilege, icon] = catalogue[index % catalogue.length] ?? catalogue[0];
  return {
    id: `area.permission_${index}`,
    category: index < catalogue.length ? category : `${category} ${Math.floor(index / catalogue.length) + 1}`,
    name,
    description,
    highPrivilege,
    icon,
    required: index === 4,
    ticked: true,
    alreadyGranted: index === 0,
    isNew: false,
    comesWith: [],
    includes: index % catalogue.length === 1 ? [included] : [],
  };
};

const meaningElsewhere = {
  at: ['Contoso Payroll'],
  name: 'Change salaries',
  description: 'See and change what everybody earns.',
  includes: [{ name: 'See salaries', description: 'See what everybody earns.' }],
};

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const detail: ApprovalDetail = {
  title: 'Make one payment',
  description: 'The money leaves your account.',
  at: 'Contoso Bank',
  facts: [
    ['It may', 'send the money'],
    ['Amount', '123.50 EUR'],
    ['To whom', 'Landlord & Sons'],
  ],
};

export const approval = (changes: Partial<Approval> = {}): Approval => ({
  ...site,
  client: {
    name: 'Fabrikam Planner',
    uri: 'https://fabrikam.example/',
    policyUri: 'https://fabrikam.example/privacy',
    tosUri: 'https://fabrikam.example/terms',
    verified: true,
    redirectHost: 'planner.fabrikam.example',
    recipient: 'website',
  },
  account,
  resources: [{ name: 'Contoso DevOps', identifier: 'https://api.contoso.example' }],
  permissions: times(6, permission),
  lasting: {
    offered: ['once', '30 days', 'until revoked'],
    chosen: 'until revoked',
    tokenSeconds: 600,
    idleSeconds: 90 * 86_400,
    longestSeconds: 365 * 86_400,
    isRuled: false,
  },
  hidden: [
    ['request', 'response_type=code&client_id=planner'],
    ['token', 'form-token'],
  ],
  action: '/consent',
  switchAccount: { action: '/sign-in/switch', method: 'post', hidden: [['token', 'switch-token']] },
  ...changes,
});

const noRules: AuthorizationSummary['rules'] = { withheld: [], waiting: [], forEveryone: [] };

export const authorization = (changes: Partial<AuthorizationSummary> = {}): AuthorizationSummary => ({
  id: 'b3Jk',
  clientName: 'Fabrikam Planner',
  clientUri: 'https://fabrikam.example/',
  redirectHost: 'planner.fabrikam.example',
  resources: [{ name: 'Contoso DevOps', permissions: times(4, permission) }],
  look: { seed: 'planner' },
  grantedAt: now - 40 * 86_400,
  lastUsedAt: now - 2 * 3_600,
  use: { by: 'server', from: '192.0.2.0/24' },
  sessions: 2,
  state: 'connected',
  rules: noRules,
  isIdle: false,
  ...changes,
});

export const authorizations = (changes: Partial<AuthorizationsView> = {}): AuthorizationsView => ({
  ...site,
  account,
  now,
  authorizations: [],
  total: changes.authorizations?.length ?? 0,
  waiting: [],
  events: [],
  formToken: 'form-token',
  lingersUntil: now + 660,
  ...changes,
});

export const oneAuthorization = (changes: Partial<AuthorizationView> = {}): AuthorizationView => ({
  ...site,
  now,
  service: authorization({ details: [detail] }),
  places: [
    {
      name: 'Contoso DevOps',
      permissions: times(4, permission).map((one, index) => ({
        ...one,
        removes: index === 0 ? ['Work items (read and write)'] : [],
        isLast: index === 3,
      })),
    },
  ],
  connections: [
    { id: 'aa', since: now - 86_400, lastUsedAt: now - 7_200, use: { by: 'server', from: '2001:db8:1::/48' } },
    { id: 'bb', since: now - 2 * 86_400, lastUsedAt: now - 86_400, use: { by: 'phone', from: 'DE' } },
    { id: 'cc', since: now - 10, lastUsedAt: undefined, use: undefined },
  ],
  events,
  contacts: ['support@fabrikam.example', 'https://fabrikam.example/help'],
  formToken: 'form-token',
  lingersUntil: now + 660,
  ...changes,
});

export const browserSessions = (changes: Partial<SessionsView> = {}): SessionsView => ({
  ...site,
  now,
  sessions: [
    { id: 'a', browser: 'Firefox', system: 'Linux', from: 'FR', createdAt: now - 9_000, seenAt: now - 10, isOwn: true },
    {
      id: 'b',
      browser: 'Edge',
      system: undefined,
      from: undefined,
      createdAt: now - 80_000,
      seenAt: now - 7_200,
      isOwn: false,
    },
    { id: 'c', browser: undefined, system: undefined, from: '192.0.2.0/24', createdAt: now, seenAt: now, isOwn: false },
  ],
  isComplete: false,
  formToken: 'form-token',
  notice: 'The session has ended.',
  ...changes,
});

const longName =
  'Ministry of Extraordinarily Long Service Names and Undersecretariat for Overflowing Boxes, Department 7';

const unverified = {
  name: 'Night Owl Assistant',
  verified: false,
  redirectHost: '127.0.0.1',
  recipient: 'app',
} as const;

const unused: AuthorizationSummary = {
  id: 'dW51c2Vk',
  look: { seed: 'owl' },
  isIdle: true,
  clientName: 'Night Owl Assistant',
  redirectHost: 'an app on this device',
  resources: [
    { name: 'Contoso DevOps', permissions: times(20, permission) },
    { name: 'Contoso Wiki', permissions: times(2, permission) },
  ],
  grantedAt: now - 300,
  sessions: 1,
  state: 'connected',
  rules: noRules,
};

const events: AuthorizationsView['events'] = [
  { kind: 'everything voided by operator', at: now - 10, permissions: [] },
  { kind: 'removed by operator', at: now - 20, clientName: 'Northwind Inc.', permissions: [] },
  { kind: 'voided by operator', at: now - 20, clientName: 'Northwind Inc.', permissions: [] },
  { kind: 'revoked by user', at: now - 30, clientName: 'Tailspin Reports', permissions: [] },
  { kind: 'refresh token replayed', at: now - 3 * 86_400, clientName: 'Tailspin Reports', permissions: [] },
  { kind: 'refused', at: now - 4 * 86_400, clientName: 'Everything Inc.', permissions: ['See your source code'] },
  {
    kind: 'authorized',
    at: now - 40 * 86_400,
    clientName: 'Fabrikam Planner',
    permissions: times(20, (index) => `Permission ${index}`),
  },
];

/** Name of the page -> the page. */
export const samples: Readonly<Record<string, Html>> = {
  ...appSamples(site),
  'approval of 1 permission': approvalPage(approval({ permissions: [permission(0)] })),
  'approval of 6 permissions': approvalPage(approval()),
  'approval in detail': approvalPage(approval({ permissions: [], details: [detail, { ...detail, facts: [] }] })),
  'approval in detail and of 2 permissions': approvalPage(
    approval({ permissions: times(2, permission), details: [detail] }),
  ),
  'approval that comes back': approvalPage(
    approval({
      permissions: times(6, permission).map((one, index) => ({ ...one, ticked: index % 2 === 0 })),
      notice: 'nothingTicked',
    }),
  ),
  'approval of 2 permissions at 2 resources': approvalPage(
    approval({
      resources: [
        { name: 'Contoso DevOps', identifier: 'https://api.contoso.example' },
        { name: 'Contoso Payroll', identifier: 'https://payroll.contoso.example' },
      ],
      permissions: [
        { ...permission(1), at: ['Contoso DevOps'], elsewhere: [meaningElsewhere] },
        { ...permission(2), at: ['Contoso DevOps', 'Contoso Payroll'] },
      ],
      learns: ['name', 'account', 'roles'],
    }),
  ),
  'approval of 20 permissions': approvalPage(approval({ permissions: times(20, permission) })),
  'approval of an unverified app on this device': approvalPage(
    approval({ client: unverified, permissions: [permission(1), permission(2)] }),
  ),
  'approval with long names': approvalPage(
    approval({
      brandName: 'Contoso International Holdings and Subsidiaries (Identity)',
      client: { ...approval().client, name: longName, redirectHost: `${'a-very-long-label.'.repeat(6)}example` },
      account: { name: longName, accountName: `${'x'.repeat(64)}@contoso.example` },
      permissions: [{ ...permission(1), name: longName, description: longName.repeat(3) }],
    }),
  ),
  'approval for a device': approvalPage(
    approval({
      client: { ...approval().client, recipient: 'device', redirectHost: '' },
      action: '/device/decision',
      device: { userCode: 'WDJB-MJHT', place: '203.0.113.7', agent: 'WingtipTV/3.1 (living room)' },
    }),
  ),
  'the code of a device': devicePage({ ...site, account, formToken: 'form-token', userCode: 'WDJB-MJHT' }),
  'a wrong code': devicePage({
    ...site,
    account,
    formToken: 'form-token',
    userCode: 'WDJB-MJHT',
    problem: 'This code is not known, or no longer. Compare it with the device, or start again there.',
  }),
  'device connected': deviceConnectedPage(site, 'Wingtip Television'),
  'device refused': deviceRefusedPage(site, 'Wingtip Television'),
  'approval asked again of a website on this device': approvalPage(
    approval({
      client: {
        ...approval().client,
        name: 'Everything Inc.',
        redirectHost: 'localhost:7072',
        recipient: 'local website',
      },
      permissions: [
        { ...permission(0), comesWith: ['Change your work items', 'Control all of your work items'] },
        { ...permission(1), isNew: true },
        { ...permission(2), isNew: true },
        { ...permission(3), ticked: false },
      ],
    }),
  ),
  'authorizations, some': authorizationsPage(
    authorizations({
      authorizations: [
        authorization({ details: [detail] }),
        authorization({ id: 'c2lsZW50', clientName: 'Everything Inc.', sessions: 0, state: 'connects silently' }),
        authorization({ id: 'YXNrcw', clientName: 'Tailspin Desktop', sessions: 0, state: 'must ask' }),
        authorization({ id: 'YmxvY2tlZA', clientName: 'Wingtip', sessions: 0, state: 'blocked', resources: [] }),
        unused,
      ],
      events,
      notice: html`Tailspin Reports has lost its access. <a href="/authorizations/receipts/0123456789.abcdefgh">Receipt</a>`,
      total: 60,
      after: '50',
    }),
  ),
  'authorizations, as operators rule': authorizationsPage(
    authorizations({
      authorizations: [
        authorization({
          rules: {
            withheld: ['Change your source code'],
            waiting: ['Change your source code'],
            forEveryone: ['See your work items', 'See your profile'],
          },
        }),
        authorization({ id: 'b2Zm', clientName: 'Everything Inc.', state: 'off' }),
        authorization({ id: 'dW5saXN0ZWQ', clientName: 'Tailspin Desktop', state: 'unlisted' }),
        authorization({ id: 'c2lnbg', clientName: 'Wingtip', state: 'sign in' }),
      ],
      waiting: [
        { clientName: 'Litware', permissions: ['Delete everything', 'See your work items'], askedAt: now - 7_200 },
      ],
    }),
  ),
  'authorizations, searched': authorizationsPage(
    authorizations({ authorizations: [authorization()], total: 1, query: 'planner' }),
  ),
  'authorizations, more than can be counted': authorizationsPage(
    authorizations({ authorizations: [authorization()], total: undefined, after: '0123456789abcdef0123456789abcdef' }),
  ),
  'authorizations, none': authorizationsPage(authorizations()),
  'one authorization': authorizationPage(oneAuthorization()),
  'one authorization, of nothing any more': authorizationPage(
    oneAuthorization({ places: [], connections: [], contacts: [], notice: html`The permission is removed.` }),
  ),
  'report of a service': reportPage({ ...site, id: 'b3Jk', clientName: 'Fabrikam Planner', formToken: 'form-token' }),
  'service reported': reportedPage({ ...site, id: 'b3Jk', clientName: 'Fabrikam Planner' }, 'sent'),
  'browser sessions': sessionsPage(browserSessions()),
  'my data': myDataPage({ ...site, account }),
  'erase me': erasePage({ ...site, account, formToken: 'form-token', isUnconfirmed: true }),
  erased: erasedPage(site, { isWhole: true, receipt: 'eyJhbGciOiJSUzI1NiJ9.'.repeat(20) }),
  'sign-out': signOutPage({ ...site, account, formToken: 'form-token' }),
  'sign-out for a service': signOutPage({
    ...site,
    account,
    formToken: 'form-token',
    service: { name: 'Fabrikam Planner', hidden: [['state', 's']] },
  }),
  'sign-out without a session': signOutPage(site),
  'signed out': signedOutPage(site),
  'an answer on its way': formPostPage({
    ...site,
    service: 'Fabrikam Planner',
    redirectUri: 'https://planner.fabrikam.example/callback',
    fields: [['code', 'assent_ac_1']],
  }),
  'home for a stranger': homePage({ ...site, addresses }),
  'home for an operator': homePage({ ...site, addresses, account, role: 'operator', formToken: 'form-token' }),
  'home for an auditor': homePage({ ...site, addresses, account, role: 'auditor', formToken: 'form-token' }),
  error: errorPage({
    ...site,
    title: 'This request cannot go on',
    message: 'The service that sent you here named an address for the answer that it never registered.',
    reference: '7f3a-19c2',
    action: { href: '/', label: 'Go to the start page' },
  }),
  'error on the way to a service': errorPage({
    ...site,
    title: 'You are not signed in',
    message: 'The sign-in was cancelled or did not succeed. Nothing has been shared with anyone.',
    action: { href: '/authorize?client_id=planner', label: 'Try again' },
    service: { name: 'Fabrikam Planner', hidden: [['client_id', 'planner']] },
  }),
};
