/** What operators rule, in sentences. */
import { span } from '../dates.ts';
import { type Html, html } from '../html.ts';
import { cleanText } from '../text.ts';

/** As the API answers it. */
export type PolicyView = {
  readonly third_party_access: 'on' | 'off';
  readonly registration: 'nobody' | 'operators' | 'everyone';
  readonly other_services: 'allowed' | 'blocked';
  readonly needs_operator: readonly { readonly resource: string; readonly scope: string }[];
  readonly longest_authorization_seconds?: number;
  readonly sign_in: { readonly acr: readonly string[]; readonly max_age_seconds?: number };
};

const registrants = {
  nobody: 'Nobody registers services on the pages for it.',
  operators: 'Operators alone register services on the pages for it.',
  everyone: 'Everybody who can sign in may register services.',
} as const;

/** Each rule, with its present value. */
export const policySentences = (policy: PolicyView): readonly Html[] => {
  const { needs_operator: needs, longest_authorization_seconds: longest, sign_in: signIn } = policy;
  const listed = needs.map(({ scope }) => cleanText(scope, 100)).join(', ');
  return [
    policy.third_party_access === 'on'
      ? html`Services may be authorized, and use what they have.`
      : html`<b>Third-party access is off</b>: no service is authorized, and none can use what it has.`,
    html`${registrants[policy.registration]}`,
    policy.other_services === 'allowed'
      ? html`Services without a rule of their own are allowed.`
      : html`Services without a rule of their own are <b>blocked</b>.`,
    needs.length === 0
      ? html`No permission needs an operator’s approval.`
      : html`${needs.length} ${needs.length === 1 ? 'permission needs' : 'permissions need'} an operator’s approval: ${listed}.`,
    longest === undefined
      ? html`An authorization lasts as long as the person was told.`
      : html`An authorization ends at most ${span(longest, 'en')} after its approval.`,
    ...(signIn.acr.length === 0
      ? []
      : [html`People must have signed in by one of: ${signIn.acr.map((one) => cleanText(one, 200)).join(', ')}.`]),
    ...(signIn.max_age_seconds === undefined
      ? []
      : [html`People must have signed in at most ${span(signIn.max_age_seconds, 'en')} before they approve.`]),
  ];
};
