/**
 * Table `replay`, as far as access tokens without a family are concerned (client_credentials): a row says that the token
 * with this jti was revoked. Tokens with a family are remembered in their family's row.
 *
 *   PartitionKey  hex of SHA-256 of the jti     RowKey  revoked     keepUntil: when the token expires
 */
import { sha256 } from '../oauth/crypto.ts';
import { Unavailable } from '../oauth/errors.ts';
import type { Revocations } from './revocations.ts';
import { settle } from './settle.ts';
import type { Table } from './table.ts';

export type RevokedTokens = {
  /** Remembers a token until it expires (epoch seconds). Repeating it is fine. */
  add(jti: string, expiresAt: number): Promise<void>;
  has(jti: string): Promise<boolean>;
};

export const openRevokedTokens = (replay: Table, revocations: Revocations): RevokedTokens => {
  const partitionOf = (jti: string): string => sha256(jti).toString('hex');
  const has = async (jti: string): Promise<boolean> => (await replay.read(partitionOf(jti), 'revoked')) !== undefined;
  return {
    has,
    add: async (jti, expiresAt) => {
      await revocations.announce([{ kind: 'token', jti }]);
      const row = { partitionKey: partitionOf(jti), rowKey: 'revoked', keepUntil: expiresAt };
      const settled = await settle<undefined>({
        attempt: () => replay.write([{ insert: row }]),
        readBack: async () => ({ whose: (await has(jti)) ? 'ours' : 'nobody' }),
        // Landing late is what was asked for.
        fence: async () => ({ kind: 'done' }),
      });
      if (settled.result !== 'done') throw new Unavailable('storage');
    },
  };
};
