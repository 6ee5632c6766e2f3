/** The list of what ended lately, as a resource server sees it. */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { digestOf, type RevocationList } from '../../src/oauth/tokens/revocation-list.ts';

/** Longer than an instance goes on with what it has read. */
const listedWithinMilliseconds = 4_500;

/** The list as the issuer gives it, or as one of its hosts does; verified. */
export const listAt = async (issuer: string, origin = issuer): Promise<RevocationList & JWTPayload> => {
  const answer = await fetch(`${origin}/revocations`);
  if (answer.status !== 200) throw new Error(`/revocations: ${answer.status} ${await answer.text()}`);
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(await answer.text(), keys, { issuer, typ: 'assent-revocations+jwt' });
  return payload as RevocationList & JWTPayload;
};

/** Polls until the list satisfies the test; the last one if it never does. */
export const listWhen = async (
  issuer: string,
  isIt: (list: RevocationList) => boolean,
  origin = issuer,
): Promise<RevocationList & JWTPayload> => {
  const until = performance.now() + listedWithinMilliseconds * 8;
  for (;;) {
    const list = await listAt(issuer, origin);
    if (isIt(list) || performance.now() > until) return list;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
};

export const names = (list: RevocationList, claim: 'sid' | 'jti', value: unknown): boolean =>
  list.ended[claim].includes(digestOf(String(value)));
