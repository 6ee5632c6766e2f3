/** The picture of a service: uploaded, or fetched once from where it is, and from then on served from here. */

import { isTrustworthy } from '../../oauth/addresses.ts';
import { invalid } from '../../oauth/clients/metadata/theme.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { pictureBytesLimit, pictureIn, pictureTypes } from '../../oauth/images/picture.ts';
import type { Server } from '../../server.ts';
import { changeClient } from '../clients/changes.ts';
import { type OwnedApp, type Owning, ownedApp, record, requireAsShown } from './owned.ts';

/** Throws `invalid_client_metadata` for an address that gives no picture. */
export const fetchedPicture = async (address: string, { outbound }: Pick<Server, 'outbound'>): Promise<Buffer> => {
  if (!isTrustworthy(address)) throw new OAuthError('logo_unavailable', 'logo_uri: must be an https address');
  try {
    const expected = {
      mediaTypes: pictureTypes,
      limitBytes: pictureBytesLimit,
      timeoutMilliseconds: 4_000,
      binary: true,
    } as const;
    return (await outbound(address, expected)).bytes;
  } catch (cause) {
    throw invalid('logo_unavailable', 'logo_uri: it does not answer with a picture', { cause });
  }
};

type LogoChange = {
  readonly clientId: string;
  readonly etag: string | undefined;
  /** The file; undefined to do without a picture. */
  readonly bytes: Buffer | undefined;
};

/**
 * An operator's word that they know the service was for the one that they saw: with another picture it holds no longer. Throws
 * `not_found`, `conflict`, `invalid_client_metadata`, `Unavailable`.
 */
export const changeLogo = async ({ clientId, etag, bytes }: LogoChange, owning: Owning): Promise<void> => {
  const { server } = owning;
  const picture = bytes && pictureIn(bytes);
  const before = await ownedApp(clientId, owning);
  requireAsShown(before, etag);
  const logo = picture && (await server.store.logos.keep(clientId, picture));
  if (logo === before.logo) return;
  const after: OwnedApp = { ...before, logo, verified: undefined };
  await record('change client logo', { clientId }, owning);
  await changeClient(before, after, server);
  if (before.logo !== undefined) await server.store.logos.remove(before.logo);
};
