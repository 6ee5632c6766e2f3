/**
 * Requests as `@azure/functions` reads them: the package gives it this in place of the runtime's own `Request`
 * (`scripts/functions-library.mjs`). That one makes a stream of the body, a signal, and something for the collector to watch, of which
 * nothing is ever asked here. Whatever is not plain becomes the runtime's own (`test/request.test.ts` compares both).
 */

/** As the library gives it. */
type Init = {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** RFC 9110 §5.6.2 */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** In ASCII, with nothing around it that would be taken away. */
const fieldValue = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Throws a TypeError for what the runtime would not take for a request. */
export const requestOf = (address: string, init: Init): Request | PlainRequest => {
  const url = URL.parse(address);
  const fields = plainFields(init.headers ?? {});
  const isPlain = methods.has(init.method) && (init.body === undefined || Buffer.isBuffer(init.body));
  if (url === null || `${url.username}${url.password}` !== '' || !isPlain || fields === undefined)
    return new Request(address, init as RequestInit);
  return new PlainRequest(url.href, init.method, { fields, body: init.body as Buffer<ArrayBuffer> | undefined });
};

/** By names in lower case; undefined where the runtime would have more to do than to take them. */
const plainFields = (headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> | undefined => {
  const fields = new Map<string, string>();
  for (const name in headers) {
    const value = headers[name] ?? '';
    const key = name.toLowerCase();
    if (fields.has(key) || !token.test(name) || !fieldValue.test(value)) return undefined;
    fields.set(key, value);
  }
  return fields;
};

class PlainRequest {
  readonly url: string;
  readonly method: string;
  /** All that is asked of them. */
  readonly headers: Pick<Headers, 'get' | 'has'>;
  readonly #fields: ReadonlyMap<string, string>;
  readonly #body: Buffer<ArrayBuffer> | undefined;
  #isRead = false;
  #whole: Request | undefined;

  constructor(
    url: string,
    method: string,
    { fields, body }: { fields: ReadonlyMap<string, string>; body: Buffer<ArrayBuffer> | undefined },
  ) {
    this.url = url;
    this.method = method;
    this.headers = {
      get: (name) => fields.get(name.toLowerCase()) ?? null,
      has: (name) => fields.has(name.toLowerCase()),
    };
    this.#fields = fields;
    this.#body = body;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.#whole !== undefined || this.#isRead) return this.#asWhole().arrayBuffer();
    this.#isRead = this.#body !== undefined;
    const { buffer, byteOffset, byteLength } = this.#body ?? Buffer.alloc(0);
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }

  get bodyUsed(): boolean {
    return this.#whole?.bodyUsed ?? this.#isRead;
  }

  get body(): Request['body'] {
    return this.#asWhole().body;
  }

  async blob(): Promise<Blob> {
    return this.#asWhole().blob();
  }

  async formData(): Promise<FormData> {
    return this.#asWhole().formData();
  }

  async json(): Promise<unknown> {
    return this.#asWhole().json();
  }

  async text(): Promise<string> {
    return this.#asWhole().text();
  }

  clone(): Request {
    return this.#asWhole().clone();
  }

  /** The runtime's own, for whatever else is asked. Throws a TypeError once the body has been read. */
  #asWhole(): Request {
    if (this.#isRead) throw new TypeError('the body has been read');
    const { url, method } = this;
    const body = this.#body === undefined ? {} : { body: this.#body };
    this.#whole ??= new Request(url, { method, headers: [...this.#fields], ...body });
    return this.#whole;
  }
}
