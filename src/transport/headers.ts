/** Headers as the pipelines of the SDKs ask for them. */
import type { Headers } from './http-client.ts';

/** A class: seven functions would be made anew for every request otherwise. */
class HeaderMap implements Headers {
  readonly #values = new Map<string, string>();

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string | number | boolean): void {
    this.#values.set(name.toLowerCase(), `${value}`);
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.#values);
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values[Symbol.iterator]();
  }
}

/** Names in any case; values of several lines are joined, as in Node. */
export const headersFrom = (
  initial: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): Headers => {
  const headers = new HeaderMap();
  for (const name in initial) {
    const value = initial[name];
    if (value !== undefined) headers.set(name, `${value}`);
  }
  return headers;
};
