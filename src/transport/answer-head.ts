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
  /** By names in lower case; those of several lines joined. Few look at them. */
  headers(): Readonly<Record<string, string>>;
  /** The one of this name in lower case. */
  header(name: string): string | undefined;
  /** Bytes of the content, or how its end is known. */
  readonly length: number | 'chunked' | 'until the end';
  readonly persists: boolean;
  /** Seconds for which the server says it keeps an idle connection; undefined where it says nothing. */
  readonly keptSeconds: number | undefined;
};

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?/;
const lineEnd = '\r\n';
/** What may come after the first line. */
const fieldLines = /^(?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*)*$/;
/** What the message itself depends on. */
const framingNames = ['transfer-encoding', 'content-length', 'connection', 'keep-alive'] as const;
const noContent: ReadonlySet<number> = new Set([204, 304]);

/** Of what comes before the empty line; `isHead`: the request was one. Throws `UnreadableAnswer`. */
export const answerHead = (text: string, isHead: boolean): AnswerHead => {
  const [first, minor, code] = statusLine.exec(text) ?? [];
  if (first === undefined) throw new UnreadableAnswer('its first line');
  const lines = text.slice(first.length);
  if (!fieldLines.test(lines)) throw new UnreadableAnswer('a header');
  const framing = fieldsIn(lines, framingNames);
  const status = Number(code);
  const empty = isHead || status < 200 || noContent.has(status);
  const length = empty ? 0 : lengthOf(framing);
  const persists = minor === '1' && length !== 'until the end' && !closes(framing);
  return {
    status,
    length,
    persists,
    keptSeconds: keptSeconds(framing),
    headers: () => fieldsIn(lines),
    header: (name) => fieldsIn(lines, [name])[name],
  };
};

/** Of lines that each begin with a line's end; all of them unless some are named. */
const fieldsIn = (lines: string, those?: readonly string[]): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = Object.create(null);
  for (let start = lineEnd.length, end = 0; start < lines.length; start = end + lineEnd.length) {
    const next = lines.indexOf(lineEnd, start);
    end = next < 0 ? lines.length : next;
    const colon = lines.indexOf(':', start);
    if (those?.some((one) => one.length === colon - start) === false) continue;
    const name = lines.slice(start, colon).toLowerCase();
    if (those?.includes(name) === false) continue;
    const value = lines.slice(colon + 1, end).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
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

const keptSeconds = ({ 'keep-alive': hint = '' }: Readonly<Record<string, string>>): number | undefined => {
  const [, seconds] = /\btimeout=(\d{1,9})\b/i.exec(hint) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
};
