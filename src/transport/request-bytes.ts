/** A request as it goes over a connection (RFC 9112 §3). */

type Outgoing = {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Name and port, as in the address. */
  readonly host: string;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body?: Uint8Array | undefined;
};

/** RFC 9110 §5.6.2 */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110 §5.5 */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Names that were good once are good again. */
const goodNames = new Set<string>();
const namesKept = 200;

/** In one piece, so that it leaves in one. Throws a TypeError for what would be read as something else. */
export const requestBytes = ({ method, target, host, headers, body }: Outgoing): Buffer => {
  if (!token.test(method)) throw new TypeError('not a method');
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (const [name, value] of headers) {
    if (!isName(name) || !fieldValue.test(value)) throw new TypeError(`the header ${name} cannot be sent`);
    head += `${name}: ${value}\r\n`;
  }
  head += '\r\n';
  const bytes = Buffer.allocUnsafe(head.length + (body?.length ?? 0));
  bytes.write(head, 0, 'latin1');
  if (body !== undefined) bytes.set(body, head.length);
  return bytes;
};

const isName = (name: string): boolean => {
  if (goodNames.has(name)) return true;
  if (!token.test(name)) return false;
  if (goodNames.size < namesKept) goodNames.add(name);
  return true;
};
