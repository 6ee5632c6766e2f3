/** Software statements (RFC 7591 §2.3): what an issuer that the deployment trusts says of a piece of software. */
import { withoutTranslationsOf } from '../../oauth/clients/metadata/translations.ts';
import { clientAlgorithms, isSignedBy, peekedAt } from '../../oauth/clients/signed-by-client.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Server } from '../../server.ts';
import { keysOfIssuer } from './federated-assertion.ts';

type Body = Readonly<Record<string, unknown>>;

/** Claims of the JWT itself, which say nothing of the client. */
const claimsOfJwt = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];

/** The body, in which the statement has the last word. Throws `invalid_software_statement`, `unapproved_software_statement`. */
export const withStatement = async (body: Body, server: Server): Promise<Body> => {
  const { software_statement: text } = body;
  if (text === undefined) return body;
  const claims = await provenClaims(text, server);
  const said = Object.entries(claims).filter(([name]) => !claimsOfJwt.includes(name));
  const beside = withoutTranslationsOf(
    body,
    said.map(([name]) => name),
  );
  return { ...beside, ...Object.fromEntries(said) };
};

const provenClaims = async (text: unknown, server: Server): Promise<Body> => {
  const statement = typeof text === 'string' ? peekedAt(text) : undefined;
  if (typeof text !== 'string' || statement === undefined) throw invalidStatement();
  const { claims, kid } = statement;
  const issuer = server.config.registration.statementIssuers.find((one) => one === claims.iss);
  if (issuer === undefined)
    throw new OAuthError('software_statement_unapproved', 'software statements of this issuer are not taken here');
  const { aud, exp, nbf } = claims;
  const now = server.clock();
  const isForUs = aud === undefined || [aud].flat().includes(server.config.issuer);
  const isOfNow = (exp === undefined || now < exp) && (nbf === undefined || now >= nbf);
  const isProven =
    isForUs && isOfNow && (await isSignedBy(text, await keysOfIssuer(issuer, kid, server), clientAlgorithms));
  if (!isProven) throw invalidStatement();
  return claims;
};

const invalidStatement = (): OAuthError =>
  new OAuthError('software_statement_invalid', 'the software statement is not valid here');
