/** The admin API, called as a test wants it: right or wrong. */
import { type Answer, answerOf } from './answer.ts';
import { expectDescribed } from './contract.ts';
import { okJson, type Service, type TokenSet } from './service.ts';

type AdminCall = {
  readonly body?: unknown;
  /** Another bearer token than the operator's. */
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Admin = (method: string, path: string, call?: AdminCall) => Promise<Answer>;

/** Calls below /api/admin/ with this token. A body that is a string is sent as it is. Rejects for an answer that no document describes. */
export const adminWith =
  (issuer: string, token: string): Admin =>
  async (method, path, { body, bearer = token, headers } = {}) => {
    const answer = await answerOf(
      fetch(`${issuer}/api/admin/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-type': 'application/json',
          // Whatever it is by now: a test of one caller has nobody to overwrite.
          'if-match': '*',
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    await expectDescribed(issuer, { method, path: `/api/admin/${path}`, answer });
    return answer;
  };

/** A token of the service's own (client_credentials). */
export const ownTokenOf = async (service: Service, fields: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await okJson<TokenSet>(service.token({ grant_type: 'client_credentials', ...fields }))).access_token;

/** Status and code of a refusal. */
export const refusedWith = ({ status, body }: Answer): readonly [number, unknown] => [status, body.error];

export const webMetadata = {
  client_name: 'Fabrikam Reports',
  redirect_uris: ['https://reports.fabrikam.example/callback'],
  scope: 'vso.work vso.code',
} as const;
