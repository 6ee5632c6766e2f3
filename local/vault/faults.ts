/** What a test can make the vault do wrong, and what it counts. */

export type Operation = 'sign' | 'wrap' | 'unwrap' | 'get' | 'list' | 'update' | 'rotate';

/** An authorized request, before it is carried out. */
type VaultRequest = { readonly operation: Operation; readonly key: string; readonly version?: string };

export type Fault =
  | { readonly kind: 'throttle'; readonly retryAfterSeconds?: number }
  /** Never answers; the socket stays open until the client or `stop` closes it. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'status'; readonly status: number }
  /** Answers a signature with one bit changed. */
  | { readonly kind: 'wrong-signature' }
  /** Answers correctly, but late. */
  | { readonly kind: 'delay'; readonly milliseconds: number };

export type Faults = {
  /** Decides for each authorized request; undefined is no fault. Assign it, and assign undefined to end it. */
  rule: ((request: VaultRequest) => Fault | undefined) | undefined;
  /** Authorized requests so far, those with a fault included. */
  readonly counts: Record<Operation, number>;
};

export const createFaults = (): Faults => ({
  rule: undefined,
  counts: { sign: 0, wrap: 0, unwrap: 0, get: 0, list: 0, update: 0, rotate: 0 },
});
