/** What a request can present to prove its client at the token, revocation and introspection endpoints (OAuth 2.1 §2.4). */
import { OAuthError, type ReasonOf } from '../errors.ts';
import { decodeFormPart, type Parameters } from '../parameters.ts';

/** Without a word of why, but for what the caller can see itself (`remark`): nobody learns which clients exist. */
export const invalidClient = (reason: ReasonOf<'invalid_client'>, remark?: string): OAuthError =>
  new OAuthError(reason, `client authentication failed${remark === undefined ? '' : `: ${remark}`}`);

/** Parameters of the form that prove something (RFC 6749 §2.3.1, RFC 7521 §4.2). */
const proofs = ['client_secret', 'client_assertion', 'client_assertion_type'] as const;

/** True if the form carries any proof. One without a value is none (RFC 6749 §3.2). Throws `invalid_request`. */
export const carriesProof = (form: Parameters): boolean => proofs.some((name) => form.get(name) !== undefined);

type BasicCredentials = {
  readonly clientId: string;
  /** Undefined when empty: some libraries send clients without a secret so, too. */
  readonly secret: string | undefined;
};

/** RFC 6749 §2.3.1: both parts are form-encoded before they are put together. Throws `invalid_client` for anything else. */
export const parseBasic = (authorization: string): BasicCredentials => {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization)?.[1];
  if (encoded === undefined) throw invalidClient('basic_malformed');
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const clientId = decodeFormPart(pair.slice(0, Math.max(0, colon)));
  const secret = decodeFormPart(pair.slice(colon + 1));
  if (colon < 1 || clientId === undefined || secret === undefined) throw invalidClient('basic_malformed');
  return { clientId, secret: secret === '' ? undefined : secret };
};
