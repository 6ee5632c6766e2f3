/**
 * grant_type=authorization_code (RFC 6749 §4.1.3): read the row, check every binding, sign, commit with one conditional
 * write. Signing comes before the commit, so a vault that does not answer consumes nothing.
 */
import { decideCode, invalidCode, refusedCode } from '../../oauth/grants/authorization-code.ts';
import type { outdated, Seen } from '../../oauth/grants/seen.ts';
import { type CodeParts, parseCode } from '../../oauth/tokens/token-strings.ts';
import type { Server } from '../../server.ts';
import { requireRuling, rulingOnFamily, within } from '../policy/held.ts';
import { byRow } from './by-family.ts';
import { redeem } from './redeem.ts';
import { endReplayed } from './replay.ts';
import {
  circumstancesOf,
  type GrantHandler,
  requiredParameter,
  type TokenRequest,
  type TokenResponse,
} from './request.ts';

export const authorizationCode: GrantHandler = async (request, server) => {
  const code = parseCode(requiredParameter(request, 'code'), await server.keys());
  if (code === undefined) throw invalidCode('code_unreadable');
  return byRow(code.address, server, (seen) => exchanged(code, { request, seen }, server));
};

const exchanged = async (
  code: CodeParts,
  { request, seen }: { readonly request: TokenRequest; readonly seen: Seen | undefined },
  server: Server,
): Promise<TokenResponse | typeof outdated> => {
  if (seen === undefined) throw invalidCode('code_unknown');
  const { family, isAgain } = seen;
  const ruling = await rulingOnFamily(family, server);
  const ruled = { ...request, client: within(request.client, ruling, family) };
  const decision = decideCode(
    { secret: code.secret, ...presentedIn(request) },
    { ...(await circumstancesOf(ruled, code.address, server)), family },
  );
  if (decision.kind === 'replayed') {
    if (isAgain) throw refusedCode('code_spent');
    return endReplayed(family, 'code replayed', server);
  }
  requireRuling(ruling);

  const redeemed = await redeem(family, decision, { request, server, endsAt: ruling.endsAt });
  // Lost to another request after it was good: no theft, nothing ends.
  if (redeemed === undefined) throw refusedCode('code_spent');
  return redeemed;
};

const presentedIn = ({ form }: TokenRequest) => ({
  redirectUri: form.get('redirect_uri'),
  codeVerifier: form.get('code_verifier'),
  resources: form.all('resource'),
  details: form.get('authorization_details'),
});
