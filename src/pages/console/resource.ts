/** One resource with its permissions, and removing it. */
import { type Html, html } from '../html.ts';
import { cleanText, displayText } from '../text.ts';
import { counted } from './authorization-parts.ts';
import { type PermissionView, type ResourceView, sourceWords } from './catalogue.ts';
import {
  askedOnce,
  type ConsoleSite,
  code,
  consoleLayout,
  dateOf,
  type EffectView,
  effectsList,
  fact,
  formToken,
  forOperators,
  problemNotice,
} from './frame.ts';
import { listTable } from './table.ts';

type OneView = ConsoleSite & {
  readonly one: ResourceView;
  readonly permissions: readonly PermissionView[];
  /** Undefined for what the setting declares. */
  readonly etag: string | undefined;
  /** What removing it would do; undefined where nobody can. */
  readonly removing: readonly EffectView[] | undefined;
  readonly problem?: string | undefined;
};

export const resourcePage = (view: OneView): Html => {
  const { declaration } = view.one;
  return consoleLayout(view, {
    area: 'catalogue',
    title: cleanText(declaration.name, 100),
    main: html`${problemNotice(view.problem)}
<section class="card" aria-labelledby="what"><h2 id="what">Resource</h2>${factsPart(view.one)}
${view.one.source === 'file' && html`<p class="quiet">The setting RESOURCES declares it: it is changed there.</p>`}</section>
<section class="card" aria-labelledby="may"><h2 id="may">Permissions</h2>
${view.permissions.length === 0 ? html`<p>None.</p>` : permissionTable(view.permissions)}</section>
${view.removing !== undefined && forOperators(view, changePart(view, view.removing))}
<p class="way"><a href="/console/catalogue">The catalogue</a></p>`,
  });
};

const factsPart = ({ declaration, source, in_force: inForce, changed_at: at }: ResourceView): Html => {
  const { identifier, claims, signingAlgorithm: algorithm, authorizationDetails: details = {} } = declaration;
  return html`<dl class="facts">
${fact('Identifier', code(identifier))}
${fact('Declared by', sourceWords[source])}
${!inForce && fact('In force', 'no: the setting RESOURCES declares it otherwise')}
${at !== undefined && fact('Changed', dateOf(at))}
${fact('What tokens tell of the person', claims === undefined ? 'the subject alone' : html`${claims.map((one) => html`${code(one)} `)}`)}
${algorithm !== undefined && fact('Tokens are signed with', code(algorithm))}
${Object.keys(details).length > 0 && fact('Can be asked for in detail', html`${Object.keys(details).map((one) => html`${code(one)} `)}`)}</dl>`;
};

const permissionTable = (permissions: readonly PermissionView[]): Html =>
  listTable({
    caption: 'Permissions',
    heads: ['Permission', 'Means', 'Under', 'Includes'],
    rows: permissions.map((one) => [
      html`${displayText(one.name, 200)}<br><span class="quiet">${code(one.id)}</span>${one.highPrivilege === true && html`<br><span class="badge doubt">High privilege</span>`}`,
      cleanText(one.description, 1_000),
      cleanText(one.category ?? 'Other', 100),
      typeof one.inheritsFrom === 'string' ? code(one.inheritsFrom) : 'nothing else',
    ]),
  });

const changePart = (view: OneView, effects: readonly EffectView[]): Html => {
  const { identifier, name } = view.one.declaration;
  return html`<div class="card"><p class="ways"><a class="button" href="/console/catalogue/edit?${String(new URLSearchParams({ identifier }))}">Change it</a></p>
${askedOnce(
  'Remove it…',
  `Takes it and its ${counted(view.permissions.length, 'permission', 'permissions')} out of the catalogue. Declared again, what services had works again.`,
  html`${effectsList(effects)}
<form method="post" action="/console/catalogue/one">
${formToken(view)}<input type="hidden" name="identifier" value="${identifier}"><input type="hidden" name="etag" value="${view.etag ?? ''}">
<p class="way"><button class="danger" name="do" value="remove"><span>Remove ${displayText(name, 50)}</span></button></p>
</form>`,
)}</div>`;
};
