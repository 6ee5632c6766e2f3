/** PNG (W3C PNG, Third Edition §5). */
import type { Format } from './picture.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What draws the picture (§11.2, §11.3). Texts and profiles are left out: they may unpack into gigabytes. So is an animation. */
const drawing = ['IHDR', 'PLTE', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'pHYs', 'IDAT', 'IEND'];

type Chunk = { readonly type: string; readonly data: Buffer; readonly whole: Buffer };

/** Length, type and checksum. */
const frameLength = 12;

/** Up to the end that the file names; undefined when there is none. */
const chunksOf = (bytes: Buffer): readonly Chunk[] | undefined => {
  const chunks: Chunk[] = [];
  for (let at = signature.length; at + frameLength <= bytes.length; ) {
    const end = at + frameLength + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    if (type === 'IEND') return chunks;
    at = end;
  }
  return undefined;
};

export const png: Format = {
  type: 'image/png',
  is: (bytes) => bytes.subarray(0, signature.length).equals(signature),
  read: (bytes) => {
    const kept = chunksOf(bytes)?.filter(({ type }) => drawing.includes(type));
    const header = kept?.[0]?.type === 'IHDR' ? kept[0].data : undefined;
    const headers = kept?.filter(({ type }) => type === 'IHDR').length;
    if (kept === undefined || header?.length !== 13 || headers !== 1 || !kept.some(({ type }) => type === 'IDAT'))
      return undefined;
    return {
      sizes: [{ width: header.readUInt32BE(0), height: header.readUInt32BE(4) }],
      kept: Buffer.concat([signature, ...kept.map(({ whole }) => whole)]),
    };
  },
};
