/** Who asks: what a person should know of a service before they trust it with anything. */
import type { Approval, Changes } from './approval.ts';
import { placeText } from './dates.ts';
import { type Html, html } from './html.ts';
import { care, checked, chevron } from './icons.ts';
import { type Look, tile } from './layout.ts';
import { displayText, externalLink, named } from './text.ts';
import type { Words } from './words/words.ts';

export type ApprovalClient = {
  readonly name: string;
  /** In a sentence of its own. */
  readonly description?: string;
  readonly publisher?: string;
  readonly look?: Look;
  readonly uri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** An operator checked who runs this service. */
  readonly verified: boolean;
  /** Host of the document that describes it, where nobody registered it. */
  readonly documentHost?: string;
  /** Host of the validated redirect URI. */
  readonly redirectHost: string;
  /** What listens there: a local website and an app are on the person's own device, another device shows a code. */
  readonly recipient: 'website' | 'local website' | 'app' | 'device';
};

/** Short, so that a service cannot tell a whole story in its name. */
export const clientName = (client: ApprovalClient): Html => displayText(client.name, 50);

/** Where an answer goes, for a sentence. */
export const destination = ({ recipient, redirectHost }: ApprovalClient, { approval }: Words): Html => {
  const host = html`<b>${displayText(redirectHost, 253)}</b>`;
  if (recipient === 'app') return html`<b>${approval.anApp}</b>`;
  if (recipient === 'device') return html`<b>${approval.theDevice}</b>`;
  return recipient === 'website' ? host : approval.onThisDevice(host);
};

/** The question, and by whom it is asked. */
export const whoAsks = ({ client, resources, brandName, words }: Approval): Html => {
  const { approval } = words;
  const [name, organization] = [clientName(client), displayText(brandName)];
  return html`<div class="asker">
${tile(client.name, client.look)}
<div>
<h1>${resources.length === 0 ? approval.signInQuestion(name) : approval.question(name)}</h1>
<ul class="marks">
<li class="${client.verified ? 'checked' : 'unchecked'}">${client.verified ? checked : care}<span>${client.verified ? approval.verifiedBy(organization) : approval.notVerifiedBy(organization)}</span></li>
${client.publisher !== undefined && html`<li>${approval.publishedBy(html`<b>${displayText(client.publisher, 50)}</b>`)}</li>`}
${client.documentHost !== undefined && html`<li>${approval.describedAt(html`<b>${displayText(client.documentHost, 253)}</b>`)}</li>`}
${client.recipient !== 'device' && html`<li>${destination(client, words)}</li>`}
</ul>
</div>
</div>`;
};

/** What should make a person think twice, the weightiest first. */
export const warnings = (view: Approval): readonly (Html | undefined)[] => [
  devicePart(view),
  view.device === undefined ? servicePart(view) : undefined,
  view.changes && changesPart(view.changes, view),
];

/** RFC 8628 §5.4: whoever sent the code may be the one whose device it is. */
const devicePart = (view: Approval): Html | undefined => {
  const { device, client } = view;
  const { approval } = view.words;
  return (
    device &&
    html`<div class="warning">
<p>${approval.device(html`<span class="code" dir="ltr">${device.userCode}</span>`)}</p>
<dl class="facts">
${device.place !== undefined && html`<div><dt>${approval.deviceFrom}</dt><dd>${displayText(placeText(device.place, view.words.language), 60)}</dd></div>`}
${device.agent !== undefined && html`<div><dt>${approval.deviceAgent}</dt><dd>${displayText(device.agent, 120)}</dd></div>`}
</dl>
${!client.verified && html`<p>${approval.unverified(displayText(view.brandName))}</p>`}
</div>`
  );
};

/** RFC 8252 §8.6: anything on the device may listen there. */
const servicePart = ({ client, brandName, words: { approval } }: Approval): Html | undefined =>
  client.verified && client.recipient === 'website'
    ? undefined
    : html`<div class="warning">
<p>${!client.verified && html`${approval.unverified(displayText(brandName))} `}${approval.caution[client.recipient]}</p>
</div>`;

const changesPart = (changes: Changes, { client, words }: Approval): Html => {
  const { approval } = words;
  return html`<div class="warning">
<h2>${approval.changed}</h2>
<ul class="plain-list">${changesInWords(changes, client, words).map((one) => html`<li>${one}</li>`)}</ul>
<p>${approval.expected}</p>
</div>`;
};

const changesInWords = (
  { name, publisher, website, hosts, other }: Changes,
  client: ApprovalClient,
  words: Words,
): readonly (Html | string)[] => {
  const { approval, language } = words;
  const before = (text: string | undefined, some: (text: Html) => Html, none: string): readonly (Html | string)[] =>
    text === undefined ? [] : [text === '' ? none : some(html`<b>${displayText(text)}</b>`)];
  return [
    ...before(name, approval.changedName, ''),
    ...before(publisher, approval.changedPublisher, approval.noPublisher),
    ...before(website, approval.changedWebsite, approval.noWebsite),
    ...(hosts === undefined ? [] : [approval.changedHost(named(hosts, language), destination(client, words))]),
    ...(other === 'document' ? [approval.changedDocument] : []),
    ...(other === 'words' ? [approval.changedWords] : []),
  ];
};

/** What few people read, for those who do. */
export const serviceFold = (view: Approval): Html => {
  const { client, resources, words } = view;
  const { approval } = words;
  return html`<details class="card fold"><summary><span class="fold-title"><b>${approval.aboutService}</b></span>${chevron}</summary>
<div class="about">
${client.description !== undefined && html`<p>${displayText(client.description, 300)}</p>`}
<dl class="facts">
<div><dt>${approval.answersGoTo}</dt><dd>${destination(client, words)}</dd></div>
${resources.map(({ name, identifier }) => html`<div><dt>${approval.uses}</dt><dd><b>${displayText(name)}</b> <span class="host">${displayText(identifier)}</span></dd></div>`)}
</dl>
${clientLinks(client, words)}
</div>
</details>`;
};

const clientLinks = (client: ApprovalClient, words: Words): Html | undefined => {
  const { common } = words;
  const addresses = [
    [client.uri, common.website],
    [client.policyUri, common.privacy],
    [client.tosUri, common.terms],
  ] as const;
  const knownHost = client.recipient === 'app' || client.recipient === 'device' ? undefined : client.redirectHost;
  const links = addresses.flatMap(([uri, label]) =>
    uri === undefined ? [] : [externalLink({ uri, label, knownHost }, words)],
  );
  return links.length === 0 ? undefined : html`<ul class="links">${links.map((link) => html`<li>${link}</li>`)}</ul>`;
};
