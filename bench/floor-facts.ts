/** What the floor carries: the calls of each step as `npm run bench` counts them at the proxies, and about as many bytes. */

/** Bytes of one call: its body, the token that goes with it, and the body of its answer. */
export const bytesOfCall = { body: 500, token: 900, answer: 700 } as const;

/** One request of a step: its calls, one after the other, and the bytes of its answer. */
export type Carried = { readonly storage: number; readonly vault: number; readonly bytes: number };

const refresh: Carried = { storage: 1, vault: 1, bytes: 1_500 };

/** By step of `steps.ts`. */
export const carried: Readonly<Record<string, readonly Carried[]>> = {
  'authorize, with approval': [
    { storage: 2, vault: 0, bytes: 14_000 },
    { storage: 1, vault: 0, bytes: 0 },
  ],
  'code exchange': [{ storage: 2, vault: 1, bytes: 1_500 }],
  'two refreshes': [refresh, refresh],
  revoke: [{ storage: 2, vault: 0, bytes: 2 }],
  client_credentials: [{ storage: 0, vault: 1, bytes: 1_000 }],
};
