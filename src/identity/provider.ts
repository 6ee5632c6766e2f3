/**
 * The one configured OpenID Provider, as `sign-in.ts` asks it: code flow with PKCE, state and nonce by openid-client. We prove
 * ourselves to it with a managed identity's token as client assertion (RFC 7523 §2.2), so there is no secret to keep.
 */
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  ResponseBodyError,
} from 'openid-client';
import { base64url } from '../oauth/crypto.ts';
import { OAuthError, Unavailable } from '../oauth/errors.ts';
import { callbackPath } from './callback-path.ts';
import { providerFetch } from './provider-fetch.ts';
import type { SignIn, SignInOptions, SignInRequest } from './sign-in.ts';
import { type SignedIn, signedInBy } from './signed-in.ts';
import type { Transaction } from './transaction.ts';

const timeoutSeconds = 5;
const assertionMilliseconds = 5_000;
/** Discovery is repeated now and then: providers move their endpoints rarely, but they do. */
const discoverySeconds = 3_600;

type Context = SignInOptions & {
  readonly redirectUri: string;
  readonly provider: () => Promise<Configuration>;
  /** Fetches the assertion that the provider is asked with next. */
  readonly prepare: () => Promise<void>;
};

/** Rejects as `SignIn` says. */
export const createProvider = (options: SignInOptions): SignIn => {
  const { config } = options;
  const { authenticate, prepare } = assertionAuthentication(options);
  const provider = discoveredProvider(options, authenticate);
  const context: Context = { ...options, redirectUri: `${config.issuer}${callbackPath}`, provider, prepare };
  return {
    begin: (request) => reaching(() => begin(context, request)),
    complete: (query, transaction) => reaching(() => complete(context, query, transaction)),
    ready: () =>
      reaching(async () => {
        await provider();
      }),
  };
};

/** openid-client authenticates synchronously, so the assertion is fetched before. */
const assertionAuthentication = ({ config, credential }: SignInOptions) => {
  let assertion = '';
  const authenticate: ClientAuth = (_as, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', assertion);
  };
  const prepare = async (): Promise<void> => {
    const token = await credential.getToken(config.signIn.assertionScope, {
      abortSignal: AbortSignal.timeout(assertionMilliseconds),
    });
    if (token === null) throw new Unavailable('sign-in');
    assertion = token.token;
  };
  return { authenticate, prepare };
};

/** The provider's metadata, read again after a while. */
const discoveredProvider = ({ config, clock, httpClient }: SignInOptions, authenticate: ClientAuth) => {
  const { insecureLoopback } = config;
  let discovered: { readonly configuration: Configuration; readonly at: number } | undefined;
  return async (): Promise<Configuration> => {
    if (discovered !== undefined && clock() - discovered.at < discoverySeconds) return discovered.configuration;
    const configuration = await discovery(new URL(config.signIn.issuer), config.signIn.clientId, {}, authenticate, {
      timeout: timeoutSeconds,
      [customFetch]: providerFetch({ httpClient, insecureLoopback }),
      execute: [enableNonRepudiationChecks, ...(insecureLoopback ? [allowInsecureRequests] : [])],
    });
    discovered = { configuration, at: clock() };
    return configuration;
  };
};

const begin = async ({ random, clock, provider, redirectUri }: Context, request: SignInRequest) => {
  const transaction: Transaction = {
    state: base64url(random(24)),
    nonce: base64url(random(24)),
    codeVerifier: base64url(random(32)),
    startedAt: clock(),
    destination: request.destination,
  };
  const location = buildAuthorizationUrl(await provider(), {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    // With form_post the code would be in no address, where the Functions host takes it for a key of its own, but the
    // cookie of this sign-in would have to come with another site's POST (SameSite=None), and with every frame then.
    response_mode: 'query',
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: await calculatePKCECodeChallenge(transaction.codeVerifier),
    code_challenge_method: 'S256',
    ...(request.prompt === undefined ? {} : { prompt: request.prompt }),
    ...(request.maxAgeSeconds === undefined ? {} : { max_age: String(request.maxAgeSeconds) }),
    ...(request.loginHint === undefined ? {} : { login_hint: request.loginHint }),
    ...(request.uiLocales === undefined ? {} : { ui_locales: request.uiLocales }),
    ...(request.acrValues === undefined ? {} : { acr_values: request.acrValues }),
  });
  return { location: location.href, transaction };
};

const complete = async (
  { config, provider, prepare, redirectUri }: Context,
  query: string,
  transaction: Transaction,
): Promise<SignedIn> => {
  const configuration = await provider();
  await prepare();
  const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), {
    expectedState: transaction.state,
    expectedNonce: transaction.nonce,
    pkceCodeVerifier: transaction.codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new OAuthError('sign_in_without_claims', 'the sign-in provider named nobody');
  return signedInBy(claims, config.signIn);
};

/** Tells a provider that says no from one that does not answer. */
const reaching = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (error instanceof OAuthError || error instanceof Unavailable) throw error;
    const isRefusal =
      error instanceof AuthorizationResponseError ||
      (error instanceof ResponseBodyError && error.status < 500) ||
      (error instanceof ClientError && refusals.has(error.code ?? ''));
    if (isRefusal) throw new OAuthError('sign_in_refused', 'the sign-in was not completed', { cause: error });
    throw new Unavailable('sign-in', { cause: error });
  }
};

/** openid-client's codes for answers that are there and wrong: a forged or mixed-up callback. */
const refusals: ReadonlySet<string> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
]);
