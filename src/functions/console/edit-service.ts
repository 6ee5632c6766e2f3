/** GET, POST /console/services/new, /console/services/edit: what a service registers (RFC 7591 §2). */
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import { editServicePage } from '../../pages/console/edit-service.ts';
import { type MadeSecret, madePage, serviceHref } from '../../pages/console/service-parts.ts';
import { answerOf, call } from './call.ts';
import {
  documentIn,
  documentOf,
  type Metadata,
  metadataFrom,
  offeredScopes,
  problemOf,
  typedIn,
  typedOf,
  usual,
} from './service-form.ts';
import { consolePage, consoleSite, type Refused, type Visit } from './visit.ts';

/** The present registration; the usual one of a service that is to be made. */
type Present = { readonly metadata: Metadata; readonly etag: string };

const isDocument = (visit: Visit): boolean => parseParameters(visit.request.query).get('as') === 'document';

/** What was typed, or what is registered. */
const saidOf = ({ metadata }: Present, refused: Refused | undefined, visit: Visit) => {
  if (isDocument(visit)) return { document: refused?.form.lines('metadata') ?? documentOf(metadata) };
  const typed = refused === undefined ? typedOf(metadata) : typedIn(refused.form);
  return { typed, offered: offeredScopes(metadata, visit) };
};

const bodyFrom = (form: Parameters, { metadata }: Present, visit: Visit): unknown =>
  isDocument(visit) ? documentIn(form.lines('metadata') ?? '') : metadataFrom(typedIn(form), metadata);

const nothing: Present = { metadata: usual, etag: '' };

export const newService: Story = consolePage(
  async (visit, refused) =>
    editServicePage({
      ...(await consoleSite(visit)),
      edited: undefined,
      said: saidOf(nothing, refused, visit),
      problem: problemOf(refused),
    }),
  async (visit, form) => {
    const made = await answerOf<MadeSecret>('registerClient', { body: bodyFrom(form, nothing, visit) }, visit);
    return page(madePage(await consoleSite(visit), 'Registered', made));
  },
);

const presentOf = async (clientId: string, visit: Visit): Promise<Present> => {
  const { body = {}, etag = '' } = await call<Metadata>('readClient', { path: { client_id: clientId } }, visit);
  return { metadata: body, etag };
};

export const editService: Story = consolePage(
  async (visit, refused) => {
    const clientId = (refused?.form ?? parseParameters(visit.request.query)).get('client_id') ?? '';
    const [site, present] = await Promise.all([consoleSite(visit), presentOf(clientId, visit)]);
    const isTheirs = refused !== undefined && refused.form.get('etag') !== present.etag;
    return editServicePage({
      ...site,
      // The version is that of what is shown beside it.
      edited: { clientId, name: String(present.metadata.client_name), etag: present.etag },
      said: saidOf(present, refused, visit),
      theirs: isTheirs ? documentOf(present.metadata) : undefined,
      problem: problemOf(refused),
    });
  },
  async (visit, form) => {
    const clientId = form.get('client_id') ?? '';
    const body = bodyFrom(form, await presentOf(clientId, visit), visit);
    const said = { path: { client_id: clientId }, ifMatch: form.get('etag') ?? '', body };
    const made = await answerOf<MadeSecret>('replaceClient', said, visit);
    if (made.client_secret === undefined) return redirect(`${serviceHref(clientId)}&done=changed`);
    return page(madePage(await consoleSite(visit), 'Changed', made));
  },
);
