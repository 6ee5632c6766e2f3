/** Sign-in through the one configured OpenID Provider. Its client is loaded with the first sign-in: services never need it. */
import type { TokenCredential } from '@azure/identity';
import type { Config } from '../config.ts';
import type { Clock, Random } from '../oauth/crypto.ts';
import type { HttpClient } from '../transport/http-client.ts';
import type { SignedIn } from './signed-in.ts';
import type { Destination, Transaction } from './transaction.ts';

export type SignInRequest = {
  readonly destination: Destination;
  readonly prompt?: 'login' | 'select_account' | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly loginHint?: string | undefined;
  /** Language tags, in order of preference (OpenID Connect Core §3.1.2.1). */
  readonly uiLocales?: string | undefined;
  readonly acrValues?: string | undefined;
};

export type SignIn = {
  /** Where to send the browser, and what it must bring back. Throws `Unavailable`. */
  begin(request: SignInRequest): Promise<{ readonly location: string; readonly transaction: Transaction }>;
  /** Redeems the callback's code. Throws `access_denied` if the provider refused, `Unavailable` if it does not answer. */
  complete(query: string, transaction: Transaction): Promise<SignedIn>;
  /** Throws `Unavailable` unless the provider can be discovered. */
  ready(): Promise<void>;
};

export type SignInOptions = {
  readonly config: Config;
  readonly credential: TokenCredential;
  readonly httpClient: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
};

export const createSignIn = (options: SignInOptions): SignIn => {
  let created: Promise<SignIn> | undefined;
  const provider = (): Promise<SignIn> => {
    created ??= import('./provider.ts').then(({ createProvider }) => createProvider(options));
    return created;
  };
  return {
    begin: async (request) => (await provider()).begin(request),
    complete: async (query, transaction) => (await provider()).complete(query, transaction),
    ready: async () => (await provider()).ready(),
  };
};
