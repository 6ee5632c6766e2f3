/** Headers as the pipelines of the SDKs ask for them. */
import type { Headers } from './http-client.ts';

/** Names in any case; values of several lines are joined, as in Node. */
export const headersFrom = (
  initial: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): Headers => {
  const values = new Map<string, string>();
  for (const name in initial) {
    const value = initial[name];
    if (value !== undefined) values.set(name.toLowerCase(), `${value}`);
  }
  return {
    get: (name) => values.get(name.toLowerCase()),
    has: (name) => values.has(name.toLowerCase()),
    set: (name, value) => {
      values.set(name.toLowerCase(), `${value}`);
    },
    delete: (name) => {
      values.delete(name.toLowerCase());
    },
    toJSON: () => Object.fromEntries(values),
    [Symbol.iterator]: () => values[Symbol.iterator](),
  };
};
