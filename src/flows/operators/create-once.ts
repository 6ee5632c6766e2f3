/** A creation that is asked for several times with one key happens once, and is answered alike. */
import { type Creation, creationOf } from '../../oauth/access/creation.ts';
import { hmacSha256 } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Acting } from './acting.ts';

type Asked = {
  /** The caller's. */
  readonly key: string;
  /** What is created. */
  readonly operation: string;
  /** All that was said about it. */
  readonly input: unknown;
};

/**
 * What `create` returns, or returned the first time: JSON. Throws `invalid_request` when the key was used for something else,
 * `conflict` while the first request is at work, and as `create`.
 */
export const createOnce = async <Result>(
  { key, operation, input }: Asked,
  acting: Acting,
  create: (acting: Acting) => Promise<Result>,
): Promise<Result> => {
  const { server, principal } = acting;
  const { creation: secret } = await server.keys();
  const creation = creationOf([principal.by, principal.id, operation, key], secret);
  const fingerprint = hmacSha256(secret, JSON.stringify(['assent fingerprint', input]));
  const begun = await server.store.creations.begin({ id: creation.id, fingerprint });
  switch (begun.kind) {
    case 'answered':
      return JSON.parse(creation.open(begun.sealed)) as Result;
    case 'other':
      throw new OAuthError('creation_key_reused', 'Idempotency-Key was sent with another request before');
    case 'in flight':
      throw new OAuthError('creation_in_flight', 'the first request with this Idempotency-Key is still at work');
    case 'begun':
      return attempt(creation, acting, create);
  }
};

const attempt = async <Result>(
  { id, random, seal }: Creation,
  acting: Acting,
  create: (acting: Acting) => Promise<Result>,
): Promise<Result> => {
  const { creations } = acting.server.store;
  try {
    const result = await create({ ...acting, random });
    await quietly(creations.finish(id, seal(JSON.stringify(result))));
    return result;
  } catch (error) {
    await quietly(error instanceof OAuthError ? creations.forget(id) : creations.abandon(id));
    throw error;
  }
};

/** What the caller gets to know does not hang on it: a repetition comes to the same, only later. */
const quietly = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch {
    // Storage is away.
  }
};
