/** The content of an answer, as it comes in (RFC 9112 §6 and §7). */
import { type AnswerHead, UnreadableAnswer } from './answer-head.ts';

export type Content = {
  /** Takes what belongs to it and says how many bytes that were. Throws `UnreadableAnswer`. */
  take(bytes: Buffer): number;
  isWhole(): boolean;
  /** The connection has ended: true if that was to be. */
  endsHere(): boolean;
  text(): string;
};

/** Bytes of a line between the chunks. */
const longestLine = 16_384;

export const contentOf = (length: AnswerHead['length']): Content => {
  const parts: Buffer[] = [];
  const text = (): string => (parts.length === 1 ? (parts[0] ?? '').toString() : Buffer.concat(parts).toString());
  if (length === 'chunked') return { ...chunked(parts), endsHere: () => false, text };
  let left = length === 'until the end' ? Number.POSITIVE_INFINITY : length;
  return {
    take: (bytes) => {
      const part = bytes.subarray(0, left);
      if (part.length > 0) parts.push(part);
      left -= part.length;
      return part.length;
    },
    isWhole: () => left === 0,
    endsHere: () => length === 'until the end',
    text,
  };
};

/** RFC 9112 §7.1. Extensions of chunks and trailers say nothing here. */
const chunked = (parts: Buffer[]): Pick<Content, 'take' | 'isWhole'> => {
  let [next, left]: ['size' | 'data' | 'end of data' | 'trailer' | 'nothing', number] = ['size', 0];
  let line = '';

  const takeData = (bytes: Buffer): number => {
    const part = bytes.subarray(0, left);
    parts.push(part);
    left -= part.length;
    if (left === 0) next = 'end of data';
    return part.length;
  };

  const takeLine = (bytes: Buffer): number => {
    const end = bytes.indexOf('\n');
    line += bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
    if (line.length > longestLine) throw new UnreadableAnswer('a line in its content');
    if (end < 0) return bytes.length;
    if (!line.endsWith('\r')) throw new UnreadableAnswer('the end of a line in its content');
    [line, next, left] = ['', ...after(next, line.slice(0, -1))];
    return end + 1;
  };

  return {
    take: (bytes) => {
      let at = 0;
      while (at < bytes.length && next !== 'nothing') at += (next === 'data' ? takeData : takeLine)(bytes.subarray(at));
      return at;
    },
    isWhole: () => next === 'nothing',
  };
};

/** What comes after a line, and how many bytes of data. */
const after = (what: string, line: string): ['size' | 'data' | 'trailer' | 'nothing', number] => {
  if (what === 'trailer') return [line === '' ? 'nothing' : 'trailer', 0];
  if (what === 'end of data') {
    if (line !== '') throw new UnreadableAnswer('the end of a chunk');
    return ['size', 0];
  }
  const [, digits] = /^([\da-f]{1,12})(?:[\t ]*;.*)?$/i.exec(line) ?? [];
  if (digits === undefined) throw new UnreadableAnswer('the size of a chunk');
  const size = Number.parseInt(digits, 16);
  return size === 0 ? ['trailer', 0] : ['data', size];
};
