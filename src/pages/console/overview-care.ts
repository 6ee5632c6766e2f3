/** What an operator should see to, a line each: what waits, what ends soon, what is late. */
import { timeAgo } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { counted, endingHref } from './authorization-parts.ts';
import { code, dayOf } from './frame.ts';
import type { DeploymentView, KeyView, OverviewView } from './overview.ts';
import { serviceHref } from './service-parts.ts';

const daySeconds = 86_400;

/** The template rotates after 90 days; some may pass before anybody asks. */
const oldestKeySeconds = 100 * daySeconds;
const endsSoonSeconds = 30 * daySeconds;

/** The timer comes every five minutes. */
const lateSeconds = 1_200;

/** Empty when there is nothing. */
export const careLines = (view: OverviewView): readonly Html[] => [
  ...waitingLines(view),
  ...view.running.map(
    ({ id, ended }) =>
      html`<a href="${endingHref(id)}">An order to end authorizations</a> is at work: ${ended.toLocaleString('en-GB')} ended so far.`,
  ),
  ...keyLines(view.deployment, view.now),
  ...lateLines(view),
  ...serviceLines(view.deployment),
];

const waitingLines = ({ waiting, moreWaiting }: OverviewView): readonly Html[] =>
  waiting === 0
    ? []
    : [
        html`<a href="/console/requests">${moreWaiting && 'More than '}${counted(waiting, 'request waits', 'requests wait')}</a> for an operator’s approval.`,
      ];

const keyLines = ({ vault_throttles: throttles, signing_keys: versions }: DeploymentView, now: number) => [
  ...(throttles ? [html`Key Vault refuses signatures: more is asked of it than it does. Tokens are late.`] : []),
  ...(versions === undefined ? [html`No key vault answers: no tokens can be signed.`] : []),
  ...[...Map.groupBy(versions ?? [], ({ key }) => key).values()].flatMap((all) => newestLines(all, now)),
];

/** Of one key: its newest version is the one that signs next, if not now. */
const newestLines = (versions: readonly KeyView[], now: number): readonly Html[] => {
  const [newest] = versions.toSorted((one, other) => other.created_at - one.created_at);
  if (newest === undefined) return [];
  const { key, created_at: createdAt, expires_at: expiresAt } = newest;
  const remedy = html`Rotate it with ${code(rotation(key))}, and see why the vault did not.`;
  return [
    ...(now - createdAt > oldestKeySeconds
      ? [
          html`The signing key ${code(key)} was made ${timeAgo(createdAt, now, 'en')}: it should have been rotated after 90 days. ${remedy}`,
        ]
      : []),
    ...(expiresAt !== undefined && expiresAt - now < endsSoonSeconds
      ? [html`The signing key ${code(key)} expires on ${dayOf(expiresAt)}, and nothing signs after that. ${remedy}`]
      : []),
  ];
};

const rotation = (key: string): string =>
  `az keyvault key rotate --vault-name ${key.split('.')[0]} --name ${key.split('/').at(-1)}`;

const lateLines = ({ deployment: { timer_ran_at: ranAt }, lastSealed, now }: OverviewView): readonly Html[] => [
  ...(ranAt !== undefined && now - ranAt > lateSeconds
    ? [
        html`The timer last got through ${timeAgo(ranAt, now, 'en')}, and should every five minutes. Until it does, what a process left behind when it ended is not in the audit log, and what has expired is not deleted. Look for errors of the function ${code('purge')} in Application Insights.`,
      ]
    : []),
  ...(lastSealed !== undefined && now - Date.parse(lastSealed) / 1000 > 3 * daySeconds
    ? [
        html`No day of the audit log after ${lastSealed} is sealed. Look for errors of the function ${code('audit-seal')} in Application Insights.`,
      ]
    : []),
];

const serviceLines = ({ services }: DeploymentView): readonly Html[] => {
  if (services === undefined) return [];
  const lines = services.need_care.flatMap(({ client_id: clientId, client_name: name, warnings }) =>
    warnings.map(
      (one) => html`<a href="${serviceHref(clientId)}">${displayText(name, 100)}</a>: ${cleanText(one, 300)}.`,
    ),
  );
  const { more } = services;
  return more === 0
    ? lines
    : [
        ...lines,
        html`Secrets of ${counted(more, 'more service', 'more services')} end soon or have ended: <a href="/console/services">Services</a> shows which.`,
      ];
};
