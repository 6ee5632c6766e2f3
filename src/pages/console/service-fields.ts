/** The fields of a registration, as operators fill them in (RFC 7591 §2). What they leave out the document has. */
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import { described, type FieldProblem, problemLine } from './field-problem.ts';
import { type OfferedPermission, permissionChoices } from './frame.ts';

/** One line each, and its member's name. */
const lines = {
  client_name: 'Name',
  description: 'What it is for',
  organization_name: 'Publisher',
  client_uri: 'Website',
  logo_uri: 'Logo',
  tos_uri: 'Terms of service',
  policy_uri: 'Privacy statement',
  jwks_uri: 'Or the address of its keys',
} as const;

/** Several lines. */
const areas = {
  redirect_uris: 'Redirect URIs',
  post_logout_redirect_uris: 'Where people go after signing out',
  contacts: 'Contacts',
  jwks: 'Its public keys',
} as const;

const groups = {
  grant_types: 'How it gets tokens',
  token_endpoint_auth_method: 'How it proves who it is',
  scope: 'What it may ask for',
} as const;

export type LineName = keyof typeof lines;
export type AreaName = keyof typeof areas;
export type FieldName = LineName | AreaName | keyof typeof groups;

/** What is shown of a field where it is spoken of. */
export const fieldLabels: Readonly<Record<FieldName, string>> = { ...lines, ...areas, ...groups };
export const lineNames = Object.keys(lines) as readonly LineName[];
export const areaNames = Object.keys(areas) as readonly AreaName[];

/** As it is typed; of `scopes` each is one box. */
export type TypedService = Readonly<Record<LineName | AreaName, string>> & {
  readonly grantTypes: readonly string[];
  readonly method: string;
  readonly scopes: readonly string[];
};

export type Filling = {
  readonly typed: TypedService;
  readonly offered: readonly OfferedPermission[];
  readonly problem: FieldProblem<FieldName> | undefined;
};

const hints: Readonly<Partial<Record<FieldName, string>>> = {
  client_name: 'As people read it when it asks them.',
  logo_uri: 'The address of a PNG or JPEG picture. People get it from here, never from there.',
  redirect_uris: 'One on each line. People come back there with its answer, and nowhere else.',
  post_logout_redirect_uris: 'One on each line.',
  contacts: 'One on each line.',
  jwks: 'A JWK Set (RFC 7517) without private members.',
};

const hintLine = (name: FieldName): Html | false =>
  hints[name] !== undefined && html`<p class="quiet" id="${name}-hint">${hints[name]}</p>`;

const line = (
  name: LineName,
  filling: Filling,
): Html => html`<div class="field"><label for="${name}">${lines[name]}</label>
${hintLine(name)}<input id="${name}" name="${name}" value="${filling.typed[name]}" maxlength="2000" autocomplete="off"${name === 'client_name' && html` required`}${name.endsWith('_uri') && html` dir="ltr" spellcheck="false"`}${described(name, hints[name] !== undefined, filling.problem)}>${problemLine(name, filling.problem)}</div>`;

const area = (
  name: AreaName,
  filling: Filling,
): Html => html`<div class="field"><label for="${name}">${areas[name]}</label>
${hintLine(name)}<textarea id="${name}" name="${name}" rows="3" dir="ltr" autocomplete="off" spellcheck="false"${described(name, hints[name] !== undefined, filling.problem)}>
${filling.typed[name]}</textarea>${problemLine(name, filling.problem)}</div>`;

const grants: Readonly<Record<string, string>> = {
  authorization_code: 'Asks people in their browser',
  'urn:ietf:params:oauth:grant-type:device_code': 'Asks people on devices without a browser',
  refresh_token: 'Keeps what a person approved, for as long as they said (refresh tokens)',
  client_credentials: 'Acts for itself, without a person',
};

const methods: Readonly<Record<string, string>> = {
  client_secret_basic: 'A secret, shown once when you save (in the Authorization header)',
  client_secret_post: 'A secret, shown once when you save (in the body)',
  private_key_jwt: 'Its own keys: nothing secret is here',
  none: 'It cannot: an app on a device, or a page in a browser',
};

/** What is chosen stays, also what the table does not offer. */
const withChosen = (table: Readonly<Record<string, string>>, chosen: readonly string[]): [string, string][] => [
  ...Object.entries(table),
  ...chosen.filter((one) => one !== '' && !Object.hasOwn(table, one)).map((one): [string, string] => [one, one]),
];

type Group = {
  readonly name: 'grant_types' | 'token_endpoint_auth_method';
  readonly type: 'checkbox' | 'radio';
  readonly table: Readonly<Record<string, string>>;
  readonly chosen: readonly string[];
};

const group = ({ name, type, table, chosen }: Group, filling: Filling): Html =>
  html`<fieldset id="${name}" tabindex="-1"${described(name, hints[name] !== undefined, filling.problem)}><legend><h3>${groups[name]}</h3></legend>${problemLine(name, filling.problem)}
${withChosen(table, chosen).map(
  ([value, label], at) =>
    html`<div class="choice"><input type="${type}" id="${name}-${at}" name="${name}" value="${value}"${chosen.includes(value) && html` checked`}><label for="${name}-${at}">${cleanText(label, 200)}</label></div>`,
)}</fieldset>`;

const permissions = (filling: Filling): Html => {
  const { typed, offered } = filling;
  return html`<fieldset id="scope" tabindex="-1"${described('scope', false, filling.problem)}><legend><h3>${groups.scope}</h3></legend>${problemLine('scope', filling.problem)}
<details class="area"${typed.scopes.length > 0 && html` open`}><summary>${typed.scopes.length} chosen of ${offered.length}</summary>
<div class="picks">${permissionChoices(offered, new Set(typed.scopes))}</div></details></fieldset>`;
};

export const serviceFields = (filling: Filling): Html => html`
${(['client_name', 'description', 'organization_name', 'client_uri'] as const).map((one) => line(one, filling))}
${area('redirect_uris', filling)}
${group({ name: 'grant_types', type: 'checkbox', table: grants, chosen: filling.typed.grantTypes }, filling)}
${group({ name: 'token_endpoint_auth_method', type: 'radio', table: methods, chosen: [filling.typed.method] }, filling)}
${area('jwks', filling)}${line('jwks_uri', filling)}
${permissions(filling)}
<fieldset><legend><h3>What people are led to</h3></legend>
${(['logo_uri', 'tos_uri', 'policy_uri'] as const).map((one) => line(one, filling))}
${area('contacts', filling)}${area('post_logout_redirect_uris', filling)}</fieldset>`;
