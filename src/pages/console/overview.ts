/** What an operator sees first: what needs care, what is ruled, and what runs here. */
import { span } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { type ConsoleSite, code, consoleLayout, dateOf, fact } from './frame.ts';
import { type PolicyView, policySentences } from './policy-words.ts';

export type OverviewView = ConsoleSite & {
  readonly policy: PolicyView;
  readonly deployment: DeploymentView;
  /** Of the first services of the list. */
  readonly services: readonly ServiceWarnings[];
  readonly moreServices: boolean;
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

const deploymentPart = ({ deployment, now }: OverviewView): Html => html`<section class="card" aria-labelledby="runs">
<h2 id="runs">What runs here</h2>
<dl class="facts">${fact('Version', deployment.version)}${deployment.commit !== undefined && fact('Built from', code(deployment.commit))}</dl>
${(deployment.signing_keys ?? []).map(
  (key) =>
    html`<dl class="facts">${fact(key.signs ? 'Signing key' : 'Former or next key', code(key.key))}${fact('Made', html`${dateOf(key.created_at)}, ${span(Math.max(0, Math.floor((now - key.created_at) / 86_400)) * 86_400, 'en')} ago`)}${key.expires_at !== undefined && fact('Expires', dateOf(key.expires_at))}</dl>`,
)}</section>`;
