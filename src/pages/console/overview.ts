/** What an operator sees first: what needs care, how much there is, what is ruled, and what runs here. */
import { coarsely, span } from '../dates.ts';
import { type Html, html } from '../html.ts';
import type { EndingView } from './endings.ts';
import { type ConsoleSite, code, consoleLayout, dateOf, fact } from './frame.ts';
import { careLines } from './overview-care.ts';
import { type PolicyView, policySentences } from './policy-words.ts';

export type OverviewView = ConsoleSite & {
  readonly policy: PolicyView;
  readonly deployment: DeploymentView;
  /** People's requests that wait for an operator, of the first page of them. */
  readonly waiting: number;
  readonly moreWaiting: boolean;
  /** Of the latest orders to end authorizations. */
  readonly running: readonly EndingView[];
  /** The newest day of the last seven whose audit log is sealed. */
  readonly lastSealed: string | undefined;
};

/** As the API answers them. */
export type KeyView = {
  readonly kid: string;
  readonly key: string;
  readonly created_at: number;
  readonly expires_at?: number;
  readonly signs: boolean;
};
export type DeploymentView = {
  readonly version: string;
  readonly commit?: string;
  readonly signing_keys?: readonly KeyView[];
  readonly vault_throttles: boolean;
  readonly services?: {
    readonly count: number;
    readonly authorizations: number;
    readonly counted_at: number;
    readonly need_care: readonly {
      readonly client_id: string;
      readonly client_name: string;
      readonly warnings: readonly string[];
    }[];
    readonly more: number;
  };
  readonly timer_ran_at?: number;
};

export const overviewPage = (view: OverviewView): Html =>
  consoleLayout(view, {
    area: '',
    title: 'Overview',
    main: html`${carePart(careLines(view))}
${countsPart(view)}
<section class="card" aria-labelledby="ruled"><h2 id="ruled">Rules in force</h2>
<ul class="plain-list">${policySentences(view.policy).map((one) => html`<li>${one}</li>`)}</ul>
<p class="way"><a href="/console/policy">Policy</a></p></section>
${deploymentPart(view)}`,
  });

const carePart = (
  needs: readonly Html[],
): Html => html`<section class="card" aria-labelledby="care"><h2 id="care">What needs care</h2>
${needs.length === 0 ? html`<p>Nothing that can be seen from here.</p>` : html`<ul class="needs">${needs.map((one) => html`<li>${one}</li>`)}</ul>`}</section>`;

const countsPart = ({
  deployment: { services },
  now,
}: OverviewView): Html => html`<section class="card" aria-labelledby="much">
<h2 id="much">How much there is</h2>
${
  services === undefined
    ? html`<p>Not counted yet. That is done every hour.</p>`
    : html`<dl class="facts">${linkedFact('Services', services.count, '/console/services')}${linkedFact('Authorizations', services.authorizations, '/console/authorizations')}${fact('Counted', coarsely(services.counted_at, now, 'en'))}</dl>`
}</section>`;

const linkedFact = (label: string, count: number, href: `/${string}`): Html =>
  fact(
    label,
    html`<a href="${href}">${count.toLocaleString('en-GB')}<span class="unseen"> ${label.toLowerCase()}</span></a>`,
  );

const deploymentPart = ({
  deployment,
  now,
  lastSealed,
}: OverviewView): Html => html`<section class="card" aria-labelledby="runs">
<h2 id="runs">What runs here</h2>
<dl class="facts">${fact('Version', deployment.version)}${deployment.commit !== undefined && fact('Built from', code(deployment.commit.slice(0, 12)))}${fact('Audit log', html`<a href="/console/audit">${lastSealed === undefined ? 'no day of the last seven is sealed' : `sealed up to ${lastSealed}`}</a>`)}</dl>
${(deployment.signing_keys ?? []).map(
  (key) =>
    html`<dl class="facts">${fact(key.signs ? 'Signing key' : 'Former or next key', code(key.key))}${fact('Made', html`${dateOf(key.created_at)}, ${ageText(now - key.created_at)}`)}${key.expires_at !== undefined && fact('Expires', dateOf(key.expires_at))}</dl>`,
)}</section>`;

/** Of a key whole days count. */
const ageText = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  return days < 1 ? 'less than a day ago' : `${span(days * 86_400, 'en')} ago`;
};
