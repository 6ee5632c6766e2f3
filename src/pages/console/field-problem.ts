/** What is wrong with a field of a form: said at the top, which leads to the field, and at the field itself. */
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';

/** Without a field it is about the whole. */
export type FieldProblem<Name extends string> = { readonly text: string; readonly field: Name | undefined };

/** `labels` say what is shown of each field where it is spoken of. */
export const fieldNotice = <Name extends string>(
  problem: FieldProblem<Name> | undefined,
  labels: Readonly<Record<Name, string>>,
): Html | false => {
  if (problem === undefined) return false;
  const { field } = problem;
  const text = cleanText(problem.text, 500);
  return html`<p class="warning" role="alert"><b>Nothing was changed.</b> ${field === undefined ? text : html`<a href="#${field}">${labels[field]}</a>: ${text}`}</p>`;
};

type Problem = FieldProblem<string> | undefined;

export const problemLine = (name: string, problem: Problem): Html | false =>
  problem?.field === name && html`<p class="problem" id="${name}-problem">${cleanText(problem.text, 500)}</p>`;

/** Attributes that tie a field to its hint, if it has one, and to what is wrong with it. */
export const described = (name: string, hasHint: boolean, problem: Problem): Html => {
  const isWrong = problem?.field === name;
  const ids = [...(hasHint ? [`${name}-hint`] : []), ...(isWrong ? [`${name}-problem`] : [])];
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${isWrong && html` aria-invalid="true"`}`;
};
