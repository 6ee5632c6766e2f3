/** Fetches a picture of a service from where it is, once: from then on it is served from here. */
import { isTrustworthy } from '../../oauth/addresses.ts';
import { invalid } from '../../oauth/clients/metadata/theme.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { pictureBytesLimit, pictureTypes } from '../../oauth/images/picture.ts';
import type { Server } from '../../server.ts';

const expected = {
  mediaTypes: pictureTypes,
  limitBytes: pictureBytesLimit,
  timeoutMilliseconds: 4_000,
  binary: true,
} as const;

/** Throws `invalid_client_metadata` for an address that gives no picture. */
export const fetchedPicture = async (address: string, { outbound }: Pick<Server, 'outbound'>): Promise<Buffer> => {
  if (!isTrustworthy(address)) throw new OAuthError('logo_unavailable', 'logo_uri: must be an https address');
  try {
    return (await outbound(address, expected)).bytes;
  } catch (cause) {
    throw invalid('logo_unavailable', 'logo_uri: it does not answer with a picture', { cause });
  }
};
