/** The organisation's picture: a setting, so that showing it costs no call. */
import { sha256 } from '../crypto.ts';
import { type Picture, pictureIn } from './picture.ts';

/** It never changes under its id, which no picture of a service can have. */
export type BrandLogo = Picture & { readonly id: string };

/** Checked as pictures of services are. Throws `invalid_client_metadata`. */
export const brandLogoIn = (bytes: Buffer): BrandLogo => {
  const picture = pictureIn(bytes);
  return { ...picture, id: `brand-${sha256(picture.bytes).toString('hex').slice(0, 32)}` };
};
