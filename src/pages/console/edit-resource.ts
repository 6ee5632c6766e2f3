/** Declaring a resource, or changing one: its declaration, what that does, and the change. */
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';
import {
  type ConsoleSite,
  consoleLayout,
  type EffectView,
  effectsList,
  formToken,
  forOperators,
  problemNotice,
} from './frame.ts';

type EditView = ConsoleSite & {
  /** Of what is changed; undefined for what is new. */
  readonly identifier: string | undefined;
  readonly etag: string;
  /** The declaration as JSON, or what was typed for it. */
  readonly text: string;
  /** What it would do; undefined until somebody asks. */
  readonly effects?: readonly EffectView[];
  /** The declaration as somebody else has left it meanwhile. */
  readonly theirs?: string | undefined;
  readonly problem?: string | undefined;
};

/** Something to begin with. */
export const exampleOf = (): unknown => ({
  identifier: 'https://api.example.com',
  name: 'Invoices',
  'name#de': 'Rechnungen',
  permissions: [
    {
      id: 'invoices.read',
      category: 'Invoices',
      name: 'See your invoices',
      description: 'Every invoice, with its items.',
    },
    {
      id: 'invoices.write',
      category: 'Invoices',
      name: 'Change your invoices',
      description: 'Writes, changes and deletes invoices, and sees them.',
      inheritsFrom: 'invoices.read',
      highPrivilege: true,
    },
  ],
});

export const editResourcePage = (view: EditView): Html =>
  consoleLayout(view, {
    area: 'catalogue',
    title: view.identifier === undefined ? 'Declare a resource' : 'Change a resource',
    main: html`${view.identifier !== undefined && html`<p class="lead"><code dir="ltr">${cleanText(view.identifier, 1_000)}</code></p>`}
${problemNotice(view.problem)}
${forOperators(view, parts(view)) || html`<div class="card"><p>Only operators can do that.</p></div>`}
<p class="way"><a href="/console/catalogue">The catalogue</a></p>`,
  });

const parts = (view: EditView): Html => html`${view.effects !== undefined && confirmPart(view, view.effects)}
${view.theirs !== undefined && html`<section class="card" aria-labelledby="theirs"><h2 id="theirs">As somebody else has left it</h2><pre class="wide" tabindex="0" dir="ltr">${view.theirs}</pre></section>`}
<form method="post" action="/console/catalogue/edit" class="card">
<h2>Declaration</h2>
${hidden(view)}
<div class="field"><label for="declaration">As in the setting RESOURCES: JSON of one resource</label>
<p class="quiet" id="declaration-hint">Each permission has an id, a name that begins with a verb, and a description. <code>inheritsFrom</code> names the permission that it includes; <code>name#de</code>, <code>description#fr</code> and the like are the words of other languages.</p>
<textarea id="declaration" name="declaration" rows="24" required spellcheck="false" dir="ltr" aria-describedby="declaration-hint">
${view.text}</textarea></div>
<p class="way"><button class="primary" name="do" value="preview">Show what this will do</button></p>
</form>`;

const hidden = (view: EditView): Html =>
  html`${formToken(view)}<input type="hidden" name="etag" value="${view.etag}">${view.identifier !== undefined && html`<input type="hidden" name="identifier" value="${view.identifier}">`}`;

const confirmPart = (
  view: EditView,
  effects: readonly EffectView[],
): Html => html`<section class="card" aria-labelledby="would">
<div role="status"><h2 id="would">What this will do</h2></div>
${effectsList(effects)}
<form method="post" action="/console/catalogue/edit">
${hidden(view)}<input type="hidden" name="declaration" value="${view.text}">
<p class="ways"><button class="primary" name="do" value="save">${view.identifier === undefined ? 'Declare it' : 'Save it'}</button><a class="button" href="/console/catalogue">Leave it</a></p>
</form></section>`;
