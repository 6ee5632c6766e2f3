/** Slices of the key space: partition keys are hashes, so they are even. What passes over a table takes one after the other. */

export const slices = 256;

/** Where a slice begins, and the one before it ends: partition keys are hex. */
export const sliceName = (slice: number): string => (slice >= slices ? 'g' : slice.toString(16).padStart(2, '0'));
