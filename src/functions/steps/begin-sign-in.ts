/** Step: send the browser to the upstream provider, with what it must bring back in a cookie of its own. */
import { cookieName, expired, type SetCookie } from '../../http/cookies.ts';
import { type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import type { SignInRequest } from '../../identity/sign-in.ts';
import { sealTransaction, transactionName, transactionSeconds } from '../../identity/transaction.ts';
import type { Server } from '../../server.ts';

/** Cookies of sign-ins under way in one browser; beyond that they would crowd out the request itself. */
const cookiesLimitBytes = 6_000;

/** Throws `invalid_request` for a request too long for a cookie, `Unavailable` without the provider. */
export const beginSignIn = async (request: Incoming, server: Server, signIn: SignInRequest): Promise<Reply> => {
  const { location, transaction } = await server.signIn.begin(signIn);
  const name = (base: string) => cookieName(base, server.config.insecureLoopback);
  const others = request.cookieNames.filter((one) => one.startsWith(name('signin-')));
  const bytes = others.reduce((sum, one) => sum + (request.cookie(one)?.length ?? 0), 0);
  const cleared: readonly SetCookie[] = bytes < cookiesLimitBytes ? [] : others.map(expired);
  return redirect(location, [
    ...cleared,
    {
      name: name(transactionName(transaction.state)),
      value: sealTransaction(transaction, (await server.keys()).signInCookie),
      maxAgeSeconds: transactionSeconds,
    },
  ]);
};
