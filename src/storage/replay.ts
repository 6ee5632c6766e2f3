/**
 * Table `replay`, as far as proofs that may be used once are concerned (client assertions, DPoP proofs, request objects): the
 * row of a proof that was used. That its insert finds a row there is the replay, on whatever instance.
 *
 *   PartitionKey  hex of SHA-256 over kind, who made it, and its jti     RowKey  spent     keepUntil; writeId
 */
import { base64url, type Random, sha256 } from '../oauth/crypto.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';

/** Whose jti it is: two clients may choose the same one (RFC 7519 §4.1.7). */
type Proof = {
  readonly kind: 'client assertion' | 'dpop proof' | 'request object';
  /** client_id, issuer or key thumbprint. */
  readonly by: string;
  readonly jti: string;
};

export type Replay = {
  /**
   * True for the one caller who may go on; false if the proof was used before. `until` (epoch seconds) is from when nobody
   * would accept it any more. Throws `Unavailable`: then nobody goes on, and the proof may be spent.
   */
  spend(proof: Proof, until: number): Promise<boolean>;
};

export const openReplay = (replay: Table, random: Random): Replay => ({
  spend: async ({ kind, by, jti }, until) => {
    const keys = { partitionKey: sha256(JSON.stringify([kind, by, jti])).toString('hex'), rowKey: 'spent' };
    const writeId = base64url(random(16));
    const row = { ...keys, writeId, keepUntil: until };
    const settled = await settle<undefined>({
      attempt: () => replay.write([{ insert: row }]),
      readBack: async () => {
        const current = await replay.read<{ writeId: string }>(keys.partitionKey, keys.rowKey);
        if (current === undefined) return { whose: 'nobody' };
        return current.writeId === writeId ? { whose: 'ours' } : { whose: 'another', current: undefined };
      },
      // Landing late it refuses what nobody was let through with.
      fence: async () => ({ kind: 'done' }),
    });
    return settled.result === 'done';
  },
});
