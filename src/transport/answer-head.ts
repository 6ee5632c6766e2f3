/** The head of an answer (RFC 9112 §2 to §4, §6). What is not written exactly so is refused: nobody else is on the connection. */

/** What an answer is that cannot be read. */
export class UnreadableAnswer extends Error {
  constructor(what: string) {
    super(`the answer cannot be read: ${what}`);
    this.name = 'UnreadableAnswer';
  }
}

export type AnswerHead = {
  readonly status: number;
  /** By names in lower case; those of several lines joined. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the content, or how its end is known. */
  readonly length: number | 'chunked' | 'until the end';
  readonly persists: boolean;
};

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const fieldLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/;
const noContent: ReadonlySet<number> = new Set([204, 304]);

/** Of what comes before the empty line; `isHead`: the request was one. Throws `UnreadableAnswer`. */
export const answerHead = (text: string, isHead: boolean): AnswerHead => {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, code] = statusLine.exec(first) ?? [];
  if (code === undefined) throw new UnreadableAnswer('its first line');
  const headers = fieldsOf(lines);
  const status = Number(code);
  const empty = isHead || status < 200 || noContent.has(status);
  const length = empty ? 0 : lengthOf(headers);
  return { status, headers, length, persists: minor === '1' && length !== 'until the end' && !closes(headers) };
};

const fieldsOf = (lines: readonly string[]): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const [, named, value] = fieldLine.exec(line) ?? [];
    if (named === undefined || value === undefined) throw new UnreadableAnswer('a header');
    const name = named.toLowerCase();
    const before = headers[name];
    headers[name] = before === undefined ? value.trimEnd() : `${before}, ${value.trimEnd()}`;
  }
  return headers;
};

const closes = ({ connection = '' }: Readonly<Record<string, string>>): boolean => /\bclose\b/i.test(connection);

/** RFC 9112 §6.3; two that say different things are refused. */
const lengthOf = (headers: Readonly<Record<string, string>>): AnswerHead['length'] => {
  const { 'transfer-encoding': coding, 'content-length': length } = headers;
  if (coding !== undefined) {
    if (coding.toLowerCase() !== 'chunked' || length !== undefined) throw new UnreadableAnswer('its length');
    return 'chunked';
  }
  if (length === undefined) return 'until the end';
  if (!/^\d{1,15}$/.test(length)) throw new UnreadableAnswer('its length');
  return Number(length);
};

/** Seconds for which the server says it keeps an idle connection; undefined where it says nothing. */
export const keptSeconds = ({ 'keep-alive': hint = '' }: Readonly<Record<string, string>>): number | undefined => {
  const [, seconds] = /\btimeout=(\d{1,9})\b/i.exec(hint) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
};
