/** What an operator sees first: what needs care, what is ruled, and what runs here. */
import { span } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { counted, endingHref } from './authorization-parts.ts';
import type { EndingView } from './endings.ts';
import { type ConsoleSite, code, consoleLayout, dateOf, fact } from './frame.ts';
import { type PolicyView, policySentences } from './policy-words.ts';

export type OverviewView = ConsoleSite & {
  readonly policy: PolicyView;
  readonly deployment: DeploymentView;
  /** Of the first services of the list. */
  readonly services: readonly ServiceWarnings[];
  readonly moreServices: boolean;
  /** People's requests that wait for an operator, of the first page of them. */
  readonly waiting: number;
  readonly moreWaiting: boolean;
  /** Of the latest orders to end authorizations. */
  readonly running: readonly EndingView[];
  /** The newest day of the last seven whose audit log is sealed. */
  readonly lastSealed: string | undefined;
};

/** As the API answers them. */
export type DeploymentView = {
  readonly version: string;
  readonly commit?: string;
  readonly signing_keys?: readonly {
    readonly kid: string;
    readonly key: string;
    readonly created_at: number;
    readonly expires_at?: number;
    readonly signs: boolean;
  }[];
  readonly vault_throttles: boolean;
};
export type ServiceWarnings = {
  readonly client_id: string;
  readonly client_name: string;
  readonly assent_warnings: readonly string[];
};

export const overviewPage = (view: OverviewView): Html =>
  consoleLayout(view, {
    area: '',
    title: 'Overview',
    main: html`${carePart(view)}
<section class="card" aria-labelledby="ruled"><h2 id="ruled">In force</h2>
<ul class="plain-list">${policySentences(view.policy).map((one) => html`<li>${one}</li>`)}</ul></section>
${deploymentPart(view)}`,
  });

const carePart = (view: OverviewView): Html => {
  const { vault_throttles: throttles, signing_keys: keys } = view.deployment;
  const needs = [
    ...waitingLine(view),
    ...view.running.map(
      ({ id, ended }) =>
        html`<a href="${endingHref(id)}">An order to end authorizations</a> is at work: ${ended.toLocaleString('en-GB')} ended so far.`,
    ),
    ...(throttles ? ['Key Vault refuses signatures: more is asked of it than it does. Tokens are late.'] : []),
    ...(keys === undefined ? ['No key vault answers: no tokens can be signed.'] : []),
    ...view.services.flatMap(({ client_name: name, assent_warnings: warnings }) =>
      warnings.map((one) => html`${displayText(name, 100)}: ${cleanText(one, 300)}`),
    ),
  ];
  return html`<section class="card" aria-labelledby="care"><h2 id="care">What needs care</h2>
${needs.length === 0 ? html`<p>Nothing that can be seen from here.</p>` : html`<ul class="needs">${needs.map((one) => html`<li>${one}</li>`)}</ul>`}
${view.moreServices && html`<p class="quiet">Of the first ${view.services.length} services.</p>`}</section>`;
};

const waitingLine = ({ waiting, moreWaiting }: OverviewView): readonly Html[] =>
  waiting === 0
    ? []
    : [
        html`<a href="/console/requests">${moreWaiting && 'More than '}${counted(waiting, 'request waits', 'requests wait')}</a> for an operator’s approval.`,
      ];

const deploymentPart = ({
  deployment,
  now,
  lastSealed,
}: OverviewView): Html => html`<section class="card" aria-labelledby="runs">
<h2 id="runs">What runs here</h2>
<dl class="facts">${fact('Version', deployment.version)}${deployment.commit !== undefined && fact('Built from', code(deployment.commit))}${fact('Audit log', html`<a href="/console/audit">${lastSealed === undefined ? 'no day of the last seven is sealed' : `sealed up to ${lastSealed}`}</a>`)}</dl>
${(deployment.signing_keys ?? []).map(
  (key) =>
    html`<dl class="facts">${fact(key.signs ? 'Signing key' : 'Former or next key', code(key.key))}${fact('Made', html`${dateOf(key.created_at)}, ${ageText(now - key.created_at)}`)}${key.expires_at !== undefined && fact('Expires', dateOf(key.expires_at))}</dl>`,
)}</section>`;

/** Of a key whole days count. */
const ageText = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  return days < 1 ? 'less than a day ago' : `${span(days * 86_400, 'en')} ago`;
};
