/** The claims parameter (OpenID Connect Core §5.5). What we cannot tell is ignored, as §5.5.1 asks. */
import * as z from 'zod/mini';
import { scopeOfClaim } from '../access/identity-claims.ts';
import { OAuthError } from '../errors.ts';

export type ClaimsRequest = {
  /** Names of claims that we may tell, for the userinfo endpoint and for the ID token. */
  readonly userinfo: readonly string[];
  readonly idToken: readonly string[];
  /** One of these must be signed in, by `sub`; empty for anybody. */
  readonly subjects: readonly string[];
  /** Of these authentication contexts one is required (§5.5.1.1); empty for any. */
  readonly requiredAcr: readonly string[];
};

const nothing: ClaimsRequest = { userinfo: [], idToken: [], subjects: [], requiredAcr: [] };

/** §5.5.1 */
const wish = z.nullable(
  z.object({
    essential: z.optional(z.boolean()),
    value: z.optional(z.unknown()),
    values: z.optional(z.array(z.unknown())),
  }),
);

const wishes = z.optional(z.nullable(z.record(z.string(), wish)));

const shape = z.object({ userinfo: wishes, id_token: wishes });

type Wishes = z.infer<typeof wishes>;

/** Throws `invalid_request` for what is not JSON of that shape. */
export const parseClaims = (text: string | undefined): ClaimsRequest => {
  if (text === undefined) return nothing;
  const parsed = shape.safeParse(jsonOf(text));
  if (!parsed.success) throw new OAuthError('claims_malformed', 'claims must be JSON as in OpenID Connect Core 5.5');
  const { userinfo, id_token: idToken } = parsed.data;
  return {
    userinfo: offeredIn(userinfo),
    idToken: offeredIn(idToken),
    subjects: [...valuesOf(idToken, 'sub'), ...valuesOf(userinfo, 'sub')],
    requiredAcr: idToken?.acr?.essential === true ? valuesOf(idToken, 'acr') : [],
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const offeredIn = (asked: Wishes): readonly string[] =>
  Object.keys(asked ?? {}).filter((name) => scopeOfClaim(name) !== undefined);

/** Texts only: no claim of another type is compared. */
const valuesOf = (asked: Wishes, name: 'sub' | 'acr'): readonly string[] => {
  const { value, values = [] } = asked?.[name] ?? {};
  return [value, ...values].filter((one) => typeof one === 'string');
};
