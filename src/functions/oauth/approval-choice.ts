/** What a person chose on the approval page, as its form says it. */
import type { Asked } from '../../oauth/authorization/asked.ts';
import { type Lasting, lastingIn } from '../../oauth/grants/lasting.ts';
import type { Parameters } from '../../oauth/parameters.ts';

export type Choice = {
  /** Scopes, as they were ticked. */
  readonly ticked: readonly string[];
  readonly lasting: Lasting;
};

/** The buttons that answer nothing: without a script, ticking many boxes at once is another page. */
const retickings: Readonly<Record<string, (asked: Asked) => readonly string[]>> = {
  untick: () => [],
  tick: ({ scopes }) => scopes,
};

/** Undefined for what no page of ours can have sent for this request. */
export const choiceIn = (form: Parameters, asked: Asked): Choice | undefined => {
  const decision = form.get('decision') ?? '';
  const retick = Object.hasOwn(retickings, decision) ? retickings[decision] : undefined;
  const ticked = retick?.(asked) ?? form.all('permission');
  const lasting = lastingIn(form.get('lasting'));
  const isOurs = (retick !== undefined || decision === 'approve') && ticked.every((one) => asked.scopes.includes(one));
  return isOurs && lasting !== undefined ? { ticked, lasting } : undefined;
};
