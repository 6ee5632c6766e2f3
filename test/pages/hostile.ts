/** Pages whose every string is hostile. */

import { listedAddresses } from '../../src/functions/system/home.ts';
import { endpoints } from '../../src/functions/table.ts';
import { approvalPage } from '../../src/pages/approval.ts';
import { authorizationsPage } from '../../src/pages/authorizations.ts';
import { errorPage } from '../../src/pages/error.ts';
import { homePage } from '../../src/pages/home.ts';
import type { Html } from '../../src/pages/html.ts';
import { signOutPage } from '../../src/pages/sign-out.ts';
import { approval, authorization, authorizations, permission, site } from './samples.ts';
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
  });
  return authorizationsPage(
    authorizations({
      brandName: text,
      account: { name: text, accountName: text },
      authorizations: [item, item],
      events: [
        { kind: 'code replayed', at: 0, clientName: text, permissions: [] },
        { kind: 'refused', at: 0, clientName: text, permissions: [text] },
      ],
      formToken: text,
      notice: text,
    }),
  );
};

/** Name of the page -> the page with `text` in every place that takes text. */
export const hostilePages = (text: string): Readonly<Record<string, Html>> => {
  const named = { ...site, brandName: text };
  const account = { name: text, accountName: text };
  return {
    ...appSamples(named, text),
    approval: approvalOf(text),
    authorizations: authorizationsOf(text),
    'sign-out': signOutPage({ ...named, account, formToken: text, service: { name: text, hidden: [[text, text]] } }),
    home: homePage({ ...named, addresses, account, operator: true, formToken: text }),
    error: errorPage({ ...named, title: text, message: text, reference: text }),
  };
};
