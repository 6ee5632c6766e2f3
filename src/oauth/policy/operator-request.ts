/** A person's request that an operator approves what they may not allow a service by themselves. */

export type OperatorRequest = {
  readonly clientId: string;
  readonly clientName: string;
  /** What the person last asked for (`permissionsAt`). */
  readonly permissions: readonly string[];
  readonly state: 'waiting' | 'approved' | 'refused';
  /** All that operators have approved for this person and service, whatever is waiting beside it. */
  readonly approved: readonly string[];
  /** Why it was refused, in the operator's words for the person. */
  readonly reason: string | undefined;
  /** Epoch seconds. */
  readonly askedAt: number;
  readonly decidedAt: number | undefined;
  /** Its ids in the operators' queue, the latest last. */
  readonly queued: readonly string[];
};

/** What the operators' queue shows of it. */
export type QueuedRequest = {
  /** Names it in the queue. */
  readonly id: string;
  readonly userKey: Buffer;
  readonly clientId: string;
  readonly clientName: string;
  readonly personName: string;
  readonly accountName: string;
  readonly permissions: readonly string[];
  readonly askedAt: number;
};

/** Characters of the reason that an operator may give. */
export const reasonLimit = 500;
