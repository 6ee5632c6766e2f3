/** Pages whose every string is hostile. */

import { listedAddresses } from '../../src/functions/system/home.ts';
import { endpoints } from '../../src/functions/table.ts';
import { approvalPage } from '../../src/pages/approval.ts';
import { authorizationPage } from '../../src/pages/authorization.ts';
import { authorizationsPage } from '../../src/pages/authorizations.ts';
import { errorPage } from '../../src/pages/error.ts';
import { homePage } from '../../src/pages/home.ts';
import { type Html, html } from '../../src/pages/html.ts';
import { erasedPage, myDataPage } from '../../src/pages/my-data.ts';
import { reportPage } from '../../src/pages/report.ts';
import { sessionsPage } from '../../src/pages/sessions.ts';
import { signOutPage } from '../../src/pages/sign-out.ts';
import { displayText } from '../../src/pages/text.ts';
import {
  approval,
  authorization,
  authorizations,
  browserSessions,
  oneAuthorization,
  permission,
  site,
} from './samples.ts';
import { appSamples } from './samples-apps.ts';

const addresses = listedAddresses(endpoints);

export const hostileTexts: readonly string[] = [
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  '" autofocus onfocus="alert(1)',
  '</title></style><img src=x onerror=alert(1)>',
  '{{7*7}}',
  '&#x6a;avascript:alert(1)',
  'javascript:alert(1)',
  'safe\u202Egpj.exe',
];

const approvalOf = (text: string): Html =>
  approvalPage(
    approval({
      brandName: text,
      client: {
        name: text,
        uri: text,
        policyUri: text,
        tosUri: text,
        verified: false,
        redirectHost: text,
        recipient: 'website',
      },
      account: { name: text, accountName: text },
      resources: [{ name: text, identifier: text }],
      permissions: [
        {
          ...permission(0),
          id: text,
          name: text,
          description: text,
          category: text,
          comesWith: [text, text],
          within: [{ ...permission(2), name: text, id: text }],
        },
        { ...permission(4), id: text, name: text, includes: [{ name: text, description: text }] },
      ],
      details: [{ title: text, description: text, at: text, facts: [[text, text]] }],
      hidden: [[text, text]],
      action: '/consent',
      device: { userCode: 'WDJB-MJHT', place: text, agent: text },
      switchAccount: { action: '/sign-in', method: 'post', hidden: [[text, text]] },
    }),
  );

const authorizationsOf = (text: string): Html => {
  const item = authorization({
    id: text,
    clientName: text,
    clientUri: text,
    redirectHost: text,
    resources: [{ name: text, permissions: [{ name: text, highPrivilege: true }] }],
    details: [{ title: text, description: text, at: text, facts: [[text, text]] }],
    rules: { withheld: [text], waiting: [text], forEveryone: [text] },
  });
  return authorizationsPage(
    authorizations({
      brandName: text,
      account: { name: text, accountName: text },
      authorizations: [item, item],
      waiting: [{ clientName: text, permissions: [text], askedAt: 0 }],
      events: [
        { kind: 'code replayed', at: 0, clientName: text, permissions: [] },
        { kind: 'refused', at: 0, clientName: text, permissions: [text] },
      ],
      formToken: text,
      query: text,
      notice: html`${displayText(text)}`,
    }),
  );
};

const oneAuthorizationOf = (text: string): Html =>
  authorizationPage(
    oneAuthorization({
      brandName: text,
      service: authorization({
        id: text,
        clientName: text,
        redirectHost: text,
        clientUri: text,
        use: { by: 'server', from: text },
      }),
      places: [
        {
          name: text,
          permissions: [
            { id: text, name: text, description: text, highPrivilege: true, removes: [text], isLast: false },
          ],
        },
      ],
      connections: [{ id: text, since: 0, lastUsedAt: 0, use: { by: 'phone', from: text } }],
      contacts: [text],
      formToken: text,
    }),
  );

const sessionsOf = (text: string): Html =>
  sessionsPage(
    browserSessions({
      brandName: text,
      sessions: [{ id: text, browser: text, system: text, from: text, createdAt: 0, seenAt: 0, isOwn: true }],
      formToken: text,
    }),
  );

/** Name of the page -> the page with `text` in every place that takes text. */
export const hostilePages = (text: string): Readonly<Record<string, Html>> => {
  const named = { ...site, brandName: text };
  const account = { name: text, accountName: text };
  return {
    ...appSamples(named, text),
    approval: approvalOf(text),
    authorizations: authorizationsOf(text),
    authorization: oneAuthorizationOf(text),
    sessions: sessionsOf(text),
    'my data': myDataPage({ ...named, account }),
    erased: erasedPage(named, { isWhole: false, receipt: text }),
    report: reportPage({ ...named, id: text, clientName: text, formToken: text }),
    'sign-out': signOutPage({ ...named, account, formToken: text, service: { name: text, hidden: [[text, text]] } }),
    home: homePage({ ...named, addresses, account, role: 'operator', formToken: text }),
    error: errorPage({ ...named, title: text, message: text, reference: text }),
  };
};
