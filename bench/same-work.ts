/** A measurement compares nothing unless all servers do the same: what they must all give, looked at once. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { okJson, type TokenSet } from '../test/support/service.ts';
import { peerResource } from './peer/provider.ts';
import { connected, disconnect } from './steps.ts';
import { kinds, type Subject } from './subjects.ts';

const insist = (subject: Subject, fact: boolean, words: string): void => {
  if (!fact) throw new Error(`${kinds[subject.kind].title}: ${words}`);
};

/** Rejects unless tokens are signed JWTs for the API, refresh tokens rotate, and revoking ends them. */
export const assertSameWork = async (subject: Subject): Promise<void> => {
  const { issuer, web } = subject;
  const flow = await connected(subject);
  const first = flow.tokens;
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const expected = { issuer, audience: peerResource.identifier, typ: 'at+jwt' };
  const { payload } = await jwtVerify(first?.access_token ?? '', keys, expected);
  const scopes = String(payload.scope).split(' ').toSorted();
  insist(subject, scopes.join(' ') === 'vso.code vso.work', `the scope is ${payload.scope}, not what was approved`);
  insist(subject, (payload.exp ?? 0) - (payload.iat ?? 0) === 600, 'the access token is not for ten minutes');
  const second = await okJson<TokenSet>(web.refresh(first?.refresh_token ?? ''));
  insist(subject, second.refresh_token !== first?.refresh_token, 'the refresh token does not rotate');
  flow.tokens = second;
  await disconnect(subject, flow);
  insist(subject, (await web.refresh(second.refresh_token)).status === 400, 'a revoked token can be refreshed');
};
