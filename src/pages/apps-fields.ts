/** Fields of a form, with their hints and what is wrong with them. */
import type { FormProblem, ProblemField } from './apps-problems.ts';
import { type Html, html } from './html.ts';
import type { Words } from './words/words.ts';

type Field = {
  readonly id: ProblemField;
  readonly label: string;
  readonly value: string | undefined;
  readonly hint?: string;
  readonly required?: true;
  /** Addresses, ids and keys run from left to right in every language. */
  readonly ltr?: true;
};

export type Filling = { readonly problem: FormProblem | undefined; readonly words: Words };

/** Attributes that tie a field to its hint and its problem. */
const described = (id: string, hint: boolean, problem: boolean): Html => {
  const ids = [...(hint ? [`${id}-hint`] : []), ...(problem ? [`${id}-problem`] : [])];
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${problem && html` aria-invalid="true"`}`;
};

const problemLine = (id: ProblemField, { problem, words }: Filling): Html =>
  html`${problem?.field === id && html`<p class="problem" id="${id}-problem">${words.apps.problems[problem.word]}</p>`}`;

/** One line of text. Its name on the wire is its id. */
export const textField = (
  { id, label, value, hint, required, ltr }: Field,
  filling: Filling,
): Html => html`<div class="field">
<label for="${id}">${label}${required === undefined && html` <span class="quiet">(${filling.words.apps.optional})</span>`}</label>
${hint !== undefined && html`<p class="quiet" id="${id}-hint">${hint}</p>`}
<input type="text" id="${id}" name="${id}" value="${value ?? ''}" autocomplete="off"${ltr && html` dir="ltr" spellcheck="false"`}${required && html` required`}${described(id, hint !== undefined, filling.problem?.field === id)}>
${problemLine(id, filling)}
</div>`;

/** Lines that are all of one name; some are left for more. */
export const manyFields = (
  { id, name, values }: { readonly id: ProblemField; readonly name: string; readonly values: readonly string[] },
  {
    legend,
    hint,
    label,
  }: { readonly legend: string; readonly hint: string; readonly label: (number: number) => string },
  filling: Filling,
): Html => {
  const spare = values.length === 0 ? 2 : Math.max(1, 3 - values.length);
  const lines = [...values, ...Array.from({ length: spare }, () => '')];
  return html`<fieldset class="card" id="${id}" tabindex="-1"${described(id, true, filling.problem?.field === id)}>
<legend><h2>${legend}</h2></legend>
<p class="quiet" id="${id}-hint">${hint}</p>
${problemLine(id, filling)}
${lines.map((value, index) => html`<div class="field"><label for="${id}-${index}">${label(index + 1)}</label><input type="text" id="${id}-${index}" name="${name}" value="${value}" dir="ltr" autocomplete="off" spellcheck="false"></div>`)}
</fieldset>`;
};
