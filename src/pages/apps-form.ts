/** The form of a registration: a new one, or one that is changed. */
import { type Filling, manyFields, textField } from './apps-fields.ts';
import { type AppsSite, appPath, type ShownApp, token, wayTo } from './apps-parts.ts';
import { type OfferedArea, permissionBoxes } from './apps-permissions.ts';
import { type FormProblem, problemSummary } from './apps-problems.ts';
import { numberText } from './dates.ts';
import { type Html, html } from './html.ts';
import { layout, tile } from './layout.ts';
import { cleanText, displayText } from './text.ts';

/** What the form holds, as it was typed. */
export type TypedApp = {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly publisher: string | undefined;
  readonly uri: string | undefined;
  readonly tosUri: string | undefined;
  readonly policyUri: string | undefined;
  readonly contact: string | undefined;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
  readonly proof: 'secret' | 'keys' | 'public';
  readonly jwks: string | undefined;
  readonly jwksUri: string | undefined;
  readonly devices: boolean;
};

export type AppFormView = AppsSite & {
  readonly form: TypedApp;
  readonly areas: readonly OfferedArea[];
  /** The service that is changed, and the version of it that the form was made from; undefined for a new one. */
  readonly app?: ShownApp;
  readonly etag?: string;
  readonly problem?: FormProblem;
};

export const appFormPage = (view: AppFormView): Html => {
  const { apps } = view.words;
  const { app, form, problem } = view;
  const back = app === undefined ? '/apps' : appPath(app);
  const filling: Filling = { problem, words: view.words };
  return layout(
    view,
    app === undefined ? apps.newTitle : cleanText(app.name),
    html`<h1>${app === undefined ? apps.newTitle : apps.editTitle(displayText(app.name, 100))}</h1>
<p class="lead">${apps.newLead}</p>
${problem !== undefined && problemSummary(problem, view.words)}
<form method="post" action="${app === undefined ? '/apps/new' : appPath(app, 'edit')}" class="sheet">
${token(view)}${version(view)}
${aboutPart(form, filling)}
${addressesPart(view, filling)}
${proofPart(form, filling)}
${permissionsPart(view, filling)}
<div class="ways"><button class="primary">${app === undefined ? apps.register : apps.save}</button><a class="button" href="${back}">${apps.cancel}</a></div>
</form>
${app !== undefined && logoPart(view, app, filling)}
${wayTo(back, app === undefined ? apps.backToAll : apps.back)}`,
  );
};

const version = ({ etag }: AppFormView): Html =>
  html`${etag !== undefined && html`<input type="hidden" name="etag" value="${etag}">`}`;

const aboutPart = (form: TypedApp, filling: Filling): Html => {
  const { apps } = filling.words;
  const { description, publisher } = form;
  return html`<fieldset class="card"><legend><h2>${apps.about}</h2></legend>
${textField({ id: 'client_name', label: apps.name, value: form.name, hint: apps.nameHint, required: true }, filling)}
${textField({ id: 'description', label: apps.description, value: description, hint: apps.descriptionHint }, filling)}
${textField({ id: 'organization_name', label: apps.publisher, value: publisher, hint: apps.publisherHint }, filling)}
${textField({ id: 'client_uri', label: apps.website, value: form.uri, ltr: true }, filling)}
${textField({ id: 'tos_uri', label: apps.terms, value: form.tosUri, ltr: true }, filling)}
${textField({ id: 'policy_uri', label: apps.privacy, value: form.policyUri, ltr: true }, filling)}
${textField({ id: 'contacts', label: apps.contact, value: form.contact, hint: apps.contactHint, ltr: true }, filling)}
</fieldset>`;
};

const addressesPart = ({ form, words }: AppFormView, filling: Filling): Html => {
  const { apps, language } = words;
  const label = (number: number): string => apps.redirectUri(numberText(number, language));
  const field = { id: 'redirect_uris', name: 'redirect_uris', values: form.redirectUris } as const;
  return html`${manyFields(field, { legend: apps.redirectUris, hint: apps.redirectHint, label }, filling)}
<div class="card choice"><input type="checkbox" id="devices" name="devices" value="yes" aria-describedby="devices-hint"${form.devices && html` checked`}>
<div><label for="devices">${apps.devices}</label><p class="quiet" id="devices-hint">${apps.devicesHint}</p></div></div>`;
};

const proofs = ['secret', 'keys', 'public'] as const;

const proofPart = (form: TypedApp, filling: Filling): Html => {
  const { apps } = filling.words;
  return html`<fieldset class="card"><legend><h2>${apps.proofQuestion}</h2></legend>
${proofs.map(
  (
    one,
  ) => html`<div class="choice"><input type="radio" id="proof-${one}" name="proof" value="${one}" aria-describedby="proof-${one}-hint"${form.proof === one && html` checked`}>
<div><label for="proof-${one}">${apps.proofNames[one]}</label><p class="quiet" id="proof-${one}-hint">${apps.proofHints[one]}</p></div></div>`,
)}
${textField({ id: 'jwks', label: apps.jwks, value: form.jwks, hint: apps.jwksHint, ltr: true }, filling)}
${textField({ id: 'jwks_uri', label: apps.jwksUri, value: form.jwksUri, ltr: true }, filling)}
</fieldset>`;
};

const permissionsPart = (
  view: AppFormView,
  { problem, words }: Filling,
): Html => html`<fieldset class="card" id="scope" tabindex="-1">
<legend><h2>${words.apps.permissions}</h2></legend>
<p class="quiet">${words.apps.permissionsHint}</p>
${problem?.field === 'scope' && html`<p class="problem">${words.apps.problems[problem.word]}</p>`}
${permissionBoxes(view.areas, view.form.scopes, view)}
</fieldset>`;

/** A form of its own: a file travels in another way. */
const logoPart = (
  view: AppFormView,
  app: ShownApp,
  { problem, words: { apps } }: Filling,
): Html => html`<form method="post" action="${appPath(app, 'logo')}" enctype="multipart/form-data" class="card sheet" id="logo" tabindex="-1">
${token(view)}${version(view)}
<h2>${apps.logo}</h2>
<div class="who">${tile(app.name, { ...(app.logo === undefined ? {} : { logo: app.logo }), seed: app.clientId })}<p class="quiet" id="logo-hint">${apps.logoHint}</p></div>
${problem?.field === 'logo' && html`<p class="problem" id="logo-problem">${apps.problems[problem.word]}</p>`}
<div class="field"><label for="logo-file">${apps.logoFile}</label><input type="file" id="logo-file" name="logo" accept="image/png,image/jpeg,image/webp" aria-describedby="logo-hint"></div>
<div class="field"><label for="logo-uri">${apps.logoUri}</label><input type="text" id="logo-uri" name="logo_uri" dir="ltr" autocomplete="off" spellcheck="false"></div>
<div class="ways"><button>${apps.logoSave}</button>${app.logo !== undefined && html`<button name="remove" value="yes">${apps.logoRemove}</button>`}</div>
</form>`;
