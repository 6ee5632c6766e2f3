/** Pictures for tests: real ones, and files that pretend. */
import { crc32, deflateSync } from 'node:zlib';

export const pngChunk = (type: string, data: Buffer): Buffer => {
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};

type PngOptions = {
  readonly width?: number;
  readonly height?: number;
  /** Red, green, blue. */
  readonly colour?: readonly [number, number, number];
  /** Chunks between header and picture. */
  readonly more?: readonly Buffer[];
};

/** One colour all over. What the header says of its size is what was asked for; the rows are drawn for sizes up to 512. */
export const pngOf = ({ width = 64, height = 64, colour = [200, 60, 30], more = [] }: PngOptions = {}): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.of(0), ...Array.from({ length: Math.min(width, 512) }, () => Buffer.from(colour))]);
  const rows = Buffer.concat(Array.from({ length: Math.min(height, 512) }, () => row));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    ...more,
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
};

const jpegSegment = (marker: number, data: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(data.length + 2);
  return Buffer.concat([Buffer.of(0xff, marker), length, data]);
};

/** As many segments as a reader of its size looks at; no browser draws it. */
export const jpegOf = (width = 64, height = 64, remark = ''): Buffer => {
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 3]);
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    jpegSegment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1')),
    ...(remark === '' ? [] : [jpegSegment(0xfe, Buffer.from(remark)), jpegSegment(0xe1, Buffer.from(remark))]),
    jpegSegment(0xc0, frame),
    jpegSegment(0xda, Buffer.alloc(10)),
    Buffer.of(0x12, 0x34, 0xff, 0xd9),
  ]);
};

const webpChunk = (type: string, data: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type, 'latin1'), length, data, Buffer.alloc(data.length % 2)]);
};

/** Of the lossless kind, in the extended form where there is more to it. */
export const webpOf = (
  width = 64,
  height = 64,
  more: readonly (readonly [string, Buffer])[] = [],
  flags = 0,
): Buffer => {
  const picture = Buffer.alloc(8);
  picture[0] = 0x2f;
  picture.writeUInt32LE((width - 1) | ((height - 1) << 14), 1);
  const extended = Buffer.alloc(10);
  extended[0] = flags;
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const chunks = [
    ...(more.length === 0 ? [] : [webpChunk('VP8X', extended)]),
    ...more.map(([type, data]) => webpChunk(type, data)),
    webpChunk('VP8L', picture),
  ];
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), length, body]);
};
