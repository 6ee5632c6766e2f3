/**
 * Pictures of services, as somebody uploaded them: read by their own bytes, never by what they are called. What is kept is the
 * picture alone, without remarks, places, colour profiles, frames of an animation or whatever else can hide in the file.
 */
import { OAuthError } from '../errors.ts';
import { jpeg } from './jpeg.ts';
import { png } from './png.ts';
import { webp } from './webp.ts';

export type Picture = { readonly type: string; readonly bytes: Buffer };

/** In pixels. */
export type Dimensions = { readonly width: number; readonly height: number };

/** One kind of file. SVG is none of them: it is a program. */
export type Format = {
  readonly type: string;
  /** Whether the file says that it is one. */
  is(bytes: Buffer): boolean;
  /** Each size that the file names, and what is kept of it; undefined for a broken one. Reads within the bytes only. */
  read(bytes: Buffer): { readonly sizes: readonly Dimensions[]; readonly kept: Buffer } | undefined;
};

const formats: readonly Format[] = [png, jpeg, webp];

export const pictureTypes: readonly string[] = formats.map(({ type }) => type);

export const pictureBytesLimit = 262_144;

/** Small enough that no file unpacks into more memory than any page takes. */
const longestSide = 1_024;
const shortestSide = 16;

const isShown = ({ width, height }: Dimensions): boolean =>
  [width, height].every((side) => shortestSide <= side && side <= longestSide);

/** Throws `invalid_client_metadata` for what is no picture, too large, or of a size that nobody needs. */
export const pictureIn = (bytes: Buffer): Picture => {
  if (bytes.length > pictureBytesLimit)
    throw new OAuthError('logo_too_large', `logo: it must have at most ${pictureBytesLimit} bytes`);
  const format = formats.find((one) => one.is(bytes));
  const read = format?.read(bytes);
  if (format === undefined || read === undefined || read.sizes.length === 0)
    throw new OAuthError('logo_unreadable', 'logo: it must be a PNG, JPEG or WebP picture that stands still');
  if (!read.sizes.every(isShown))
    throw new OAuthError('logo_dimensions', `logo: its sides must have ${shortestSide} to ${longestSide} pixels`);
  return { type: format.type, bytes: read.kept };
};
