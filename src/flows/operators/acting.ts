/** Who does something here, and in which request. */
import type { Principal } from '../../oauth/access/principal.ts';
import type { Random } from '../../oauth/crypto.ts';
import type { Server } from '../../server.ts';

export type Acting = {
  readonly server: Server;
  readonly principal: Principal;
  /** The caller's address, or its network; undefined where there is none. */
  readonly source: string | undefined;
  /** The platform's id of the request; answers and the log name it. */
  readonly correlationId: string;
  /** What names and secrets are made of: for a creation with a key of its own, the same at each attempt. */
  readonly random: Random;
};
