/** Headers as the pipelines of the SDKs ask for them, over the object that Node gives and takes. */
import type { Headers } from './http-client.ts';

/** Names in any case; values of several lines are joined, as in Node. */
export const headersFrom = (
  initial: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): Headers => {
  const values: Record<string, string> = {};
  for (const name in initial) {
    const value = initial[name];
    if (value !== undefined) values[name.toLowerCase()] = `${value}`;
  }
  return {
    get: (name) => values[name.toLowerCase()],
    has: (name) => values[name.toLowerCase()] !== undefined,
    set: (name, value) => {
      values[name.toLowerCase()] = `${value}`;
    },
    delete: (name) => {
      delete values[name.toLowerCase()];
    },
    toJSON: () => values,
    [Symbol.iterator]: () => Object.entries(values)[Symbol.iterator](),
  };
};
