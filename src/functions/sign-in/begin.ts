/** Send the browser to the upstream provider, with what it must bring back in a cookie of its own. */
import { type Reply, redirect } from '../../http/reply.ts';
import type { Incoming } from '../../http/request.ts';
import type { SignInRequest } from '../../identity/sign-in.ts';
import { sealTransaction } from '../../identity/transaction.ts';
import type { Server } from '../../server.ts';
import { rememberSignIn } from './cookies.ts';

/** Throws `invalid_request` for a request too long for a cookie, `Unavailable` without the provider. */
export const beginSignIn = async (request: Incoming, server: Server, signIn: SignInRequest): Promise<Reply> => {
  const { location, transaction } = await server.signIn.begin(signIn);
  const sealed = sealTransaction(transaction, (await server.keys()).signInCookie);
  return redirect(location, rememberSignIn({ state: transaction.state, sealed }, request, server));
};
