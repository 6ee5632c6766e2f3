/** WebP (RFC 9649 §2). */
import type { Dimensions, Format } from './picture.ts';

type Chunk = { readonly type: string; readonly data: Buffer; readonly whole: Buffer };

const headerLength = 12;

const chunksOf = (bytes: Buffer): readonly Chunk[] | undefined => {
  const chunks: Chunk[] = [];
  for (let at = headerLength; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) return undefined;
    const type = bytes.toString('latin1', at, at + 4);
    const data = bytes.subarray(at + 8, end);
    // Chunks begin at even places.
    const padding = Buffer.alloc(length % 2);
    chunks.push({ type, data, whole: Buffer.concat([bytes.subarray(at, end), padding]) });
    at = end + padding.length;
  }
  return chunks;
};

/** §2.5, §2.6, §2.7: where each kind of chunk says how large it is; nowhere else is anything drawn from. */
const sizes: Readonly<Record<string, (data: Buffer) => Dimensions | undefined>> = {
  'VP8 ': (data) =>
    data.length < 10 || data.readUIntBE(3, 3) !== 0x9d012a
      ? undefined
      : { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff },
  VP8L: (data) => {
    if (data.length < 5 || data[0] !== 0x2f) return undefined;
    const bits = data.readUInt32LE(1);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  },
  VP8X: (data) =>
    data.length < 10 ? undefined : { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 },
};

const drawn = ['VP8 ', 'VP8L'];
const alphaFlag = 0x10;

/** What it announces beyond transparency, such as an animation, is not there any more. */
const withoutExtras = ({ type, whole }: Chunk): Buffer => {
  const copy = Buffer.from(whole);
  if (type === 'VP8X') copy[8] = (copy[8] ?? 0) & alphaFlag;
  return copy;
};

const fileOf = (chunks: readonly Chunk[]): Buffer => {
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks.map(withoutExtras)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), length, body]);
};

export const webp: Format = {
  type: 'image/webp',
  is: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, headerLength) === 'WEBP',
  read: (bytes) => {
    const kept = chunksOf(bytes)?.filter(({ type }) => type === 'ALPH' || type in sizes);
    // Frames of an animation lie elsewhere: without them nothing is left of it.
    if (kept === undefined || kept.filter(({ type }) => drawn.includes(type)).length !== 1) return undefined;
    const named = kept.filter(({ type }) => type !== 'ALPH').map(({ type, data }) => sizes[type]?.(data));
    return named.includes(undefined)
      ? undefined
      : { sizes: named.filter((one) => one !== undefined), kept: fileOf(kept) };
  },
};
