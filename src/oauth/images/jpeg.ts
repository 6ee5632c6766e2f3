/** JPEG (ITU-T T.81 annex B). */
import type { Dimensions, Format } from './picture.ts';

const startOfImage = Buffer.from([0xff, 0xd8]);
const startOfScan = 0xda;

/** Baseline, extended and progressive: what browsers draw. */
const frames = [0xc0, 0xc1, 0xc2];

/** Tables, frames, and what says how colours are meant (JFIF, Adobe). Remarks and where it was taken are left out. */
const drawing = [...frames, 0xc4, 0xdb, 0xdd, 0xe0, 0xee, startOfScan];

type Segment = { readonly marker: number; readonly data: Buffer; readonly whole: Buffer };

/** Those up to the first scan, and that with all behind it; undefined where the file ends before. */
const segmentsOf = (bytes: Buffer): readonly Segment[] | undefined => {
  const segments: Segment[] = [];
  for (let at = startOfImage.length; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff) return undefined;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return undefined;
    const whole = bytes.subarray(at, marker === startOfScan ? bytes.length : end);
    segments.push({ marker, data: bytes.subarray(at + 4, end), whole });
    if (marker === startOfScan) return segments;
    at = end;
  }
  return undefined;
};

const sizeIn = ({ data }: Segment): Dimensions =>
  data.length < 6 ? { width: 0, height: 0 } : { width: data.readUInt16BE(3), height: data.readUInt16BE(1) };

export const jpeg: Format = {
  type: 'image/jpeg',
  is: (bytes) => bytes.subarray(0, 2).equals(startOfImage),
  read: (bytes) => {
    const kept = segmentsOf(bytes)?.filter(({ marker }) => drawing.includes(marker));
    return (
      kept && {
        sizes: kept.filter(({ marker }) => frames.includes(marker)).map(sizeIn),
        kept: Buffer.concat([startOfImage, ...kept.map(({ whole }) => whole)]),
      }
    );
  },
};
