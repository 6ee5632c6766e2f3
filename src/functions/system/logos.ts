/** GET /logos/{id}: the picture of a service, or of the organisation, from this origin, so that no service learns who looks at a page of ours. */
import type { Story } from '../../http/endpoint.ts';
import { brandPictureHeaders } from '../../http/headers.ts';
import { pictureReply } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';

export const logos: Story = async (request, server) => {
  const id = request.segment('id') ?? '';
  const { brandLogo } = server.config;
  if (brandLogo?.id === id) return pictureReply(brandLogo, brandPictureHeaders);
  const picture = await server.store.logos.read(id);
  if (picture === undefined) throw new OAuthError('logo_unknown', 'there is no such picture');
  return pictureReply(picture);
};
