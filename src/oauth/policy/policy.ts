/**
 * What operators rule for a whole deployment: the values alone. Each rule decides in a file of its own beside this one, and
 * `verdicts.ts` asks them all, one after the other.
 */

export type Policy = {
  /** Off: no service gets or keeps anything of a person's, until it is on again. Operators' own clients go on. */
  readonly thirdPartyAccess: 'on' | 'off';
  /** Who may register services on the pages for it. What registers itself goes by the setting REGISTRATION. */
  readonly registration: 'nobody' | 'operators' | 'everyone';
  /** What holds for services without a rule of their own. */
  readonly otherClients: 'allowed' | 'blocked';
  /** Permissions (`permissionsAt`) that a person gets only once an operator has approved their request. */
  readonly needsOperator: readonly string[];
  /** An authorization ends so long after its approval, whatever was promised then; undefined for as long as was promised. */
  readonly longestAuthorizationSeconds: number | undefined;
  readonly signIn: SignInRule;
};

/** What a person's sign-in must have been for services to get anything of theirs. */
export type SignInRule = {
  /** One of these authentication contexts; empty for any. */
  readonly acr: readonly string[];
  /** How long ago the person may have proven who they are; undefined for any time. */
  readonly maxAgeSeconds: number | undefined;
};

/** What operators rule for one service. */
export type ClientRule =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'blocked' }
  /** These permissions (`permissionsAt`) are everybody's decision made by an operator: no approval page asks for them. */
  | { readonly kind: 'approved for everyone'; readonly permissions: readonly string[] };

/** A deployment whose operators have ruled nothing. */
export const defaultPolicy: Policy = {
  thirdPartyAccess: 'on',
  registration: 'operators',
  otherClients: 'allowed',
  needsOperator: [],
  longestAuthorizationSeconds: undefined,
  signIn: { acr: [], maxAgeSeconds: undefined },
};

/** The permissions that nobody is asked for by it, in the form of `permissionsAt`. */
export const approvedBy = (rule: ClientRule | undefined): readonly string[] =>
  rule?.kind === 'approved for everyone' ? rule.permissions : [];
