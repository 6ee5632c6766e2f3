/** The picture of a service: uploaded, or fetched once from where it is, and from then on served from here. */

import { pictureIn } from '../../oauth/images/picture.ts';
import { changeClient } from '../clients/changes.ts';
import { type OwnedApp, type Owning, ownedApp, record, requireAsShown } from './owned.ts';

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
  const after: OwnedApp = { ...before, logo, logoUri: undefined, verified: undefined };
  await record('change client logo', { clientId }, owning);
  await changeClient(before, after, server);
};
