import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { OAuthError } from '../../src/oauth/errors.ts';
import { pictureIn } from '../../src/oauth/images/picture.ts';
import { jpegOf, pngChunk, pngOf, webpOf } from '../support/pictures.ts';

const reasonOf = (bytes: Buffer): string => {
  try {
    pictureIn(bytes);
    return 'taken';
  } catch (error) {
    return error instanceof OAuthError ? error.reason : String(error);
  }
};

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

/** 2 KB that unpack into 2 MB: what iCCP and zTXt bombs are made of. */
const bomb = Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(Buffer.alloc(2_000_000))]);

describe('a picture', () => {
  it.each([
    ['image/png', pngOf()],
    ['image/jpeg', jpegOf()],
    ['image/webp', webpOf()],
  ])('is taken as %s by its own bytes', (type, bytes) => {
    expect(pictureIn(bytes)).toEqual({ type, bytes });
  });

  it.each([
    ['markup', svg],
    ['markup that begins like a PNG', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), svg])],
    ['markup that begins like a JPEG', Buffer.concat([Buffer.of(0xff, 0xd8), svg])],
    ['markup that begins like a WebP', Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBP', 'latin1'), svg])],
    ['a GIF', Buffer.from('GIF89a\x40\0\x40\0\0\0\0', 'latin1')],
    ['nothing', Buffer.alloc(0)],
    ['a PNG without a picture', Buffer.concat([pngOf().subarray(0, 33), pngChunk('IEND', Buffer.alloc(0))])],
    ['a PNG with two headers', pngOf({ more: [pngOf().subarray(8, 33)] })],
    ['a JPEG without a frame', Buffer.concat([jpegOf().subarray(0, 20), jpegOf().subarray(30)])],
    ['a WebP that moves', webpOf(64, 64, [['ANIM', Buffer.alloc(6)]], 2).subarray(0, 44)],
    ['a WebP with two pictures', webpOf(64, 64, [['VP8L', Buffer.from([0x2f, 0, 0, 0, 0])]])],
  ])('is not %s', (_what, bytes) => {
    expect(reasonOf(bytes)).toBe('logo_unreadable');
  });

  it.each([
    ['too wide', pngOf({ width: 1_025 })],
    ['so large that it would fill the memory', pngOf({ width: 60_000, height: 60_000 })],
    ['a JPEG of 65,535 pixels', jpegOf(65_535, 65_535)],
    ['a WebP of 16,383 pixels', webpOf(16_383, 16_383)],
    ['one pixel', pngOf({ width: 1, height: 1 })],
  ])('is refused when it is %s', (_what, bytes) => {
    expect(reasonOf(bytes)).toBe('logo_dimensions');
  });

  it('is refused by its length before anything of it is read', () => {
    expect(reasonOf(Buffer.concat([pngOf(), Buffer.alloc(262_144)]))).toBe('logo_too_large');
  });

  it('loses what only hides in the file: remarks, places, profiles that unpack, what comes behind it', () => {
    const secret = Buffer.from('<script>52.52N 13.40E</script>');
    const files = [
      pngOf({ more: [pngChunk('tEXt', secret), pngChunk('iCCP', bomb), pngChunk('acTL', Buffer.alloc(8))] }),
      jpegOf(64, 64, secret.toString()),
      webpOf(64, 64, [['EXIF', secret]], 0x08),
      Buffer.concat([pngOf(), secret]),
    ];
    const kept = files.map((bytes) => pictureIn(bytes).bytes.toString('latin1'));
    expect(kept.map((text) => /script|iCCP|acTL|EXIF/.test(text))).toEqual([false, false, false, false]);
    expect(pictureIn(files[0] ?? Buffer.alloc(0)).bytes).toEqual(pngOf());
  });

  it('is answered somehow however its bytes are cut or turned', () => {
    for (const file of [pngOf(), jpegOf(), webpOf(), webpOf(64, 64, [['ALPH', Buffer.alloc(3)]], 0x10)])
      for (let at = 0; at < file.length; at++) {
        const turned = Buffer.from(file);
        turned[at] = 255 - (turned[at] ?? 0);
        for (const bytes of [file.subarray(0, at), turned]) expect(reasonOf(bytes)).toMatch(/^(taken|logo_\w+)$/);
      }
  });
});
