/** GET, POST /console/catalogue/edit: declaring a resource, or changing one; what that does is shown first. */
import type { Story } from '../../http/endpoint.ts';
import { page, redirect } from '../../http/reply.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { type Parameters, parseParameters } from '../../oauth/parameters.ts';
import type { ResourceView } from '../../pages/console/catalogue.ts';
import { editResourcePage, exampleOf } from '../../pages/console/edit-resource.ts';
import type { EffectView } from '../../pages/console/frame.ts';
import { answerOf, call } from './call.ts';
import { consolePage, consoleSite, type Visit } from './visit.ts';

/** `identifier` of what is changed, undefined for what is new; `text` is a declaration as JSON. */
type Typed = { readonly identifier: string | undefined; readonly etag: string; readonly text: string };

const typedIn = (form: Parameters): Typed => ({
  identifier: form.get('identifier'),
  etag: form.get('etag') ?? '',
  text: form.lines('declaration') ?? '',
});

/** Throws `operation_malformed`. */
const declarationIn = ({ text }: Typed): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OAuthError('operation_malformed', 'the declaration is not JSON; look for a missing comma or quote');
  }
};

const asText = (declaration: unknown): string => JSON.stringify(declaration, undefined, 2);

/** As it is now. */
const opened = async (identifier: string | undefined, visit: Visit): Promise<Typed> => {
  if (identifier === undefined) return { identifier, etag: '', text: asText(exampleOf()) };
  const { body, etag = '' } = await call<ResourceView>('readResource', { query: { identifier } }, visit);
  return { identifier, etag, text: asText(body?.declaration) };
};

export const editResource: Story = consolePage(
  async (visit, refused) => {
    const asked = refused?.form ?? parseParameters(visit.request.query);
    const [site, now] = await Promise.all([consoleSite(visit), opened(asked.get('identifier'), visit)]);
    if (refused === undefined) return editResourcePage({ ...site, ...now });
    const typed = typedIn(refused.form);
    // The version is that of what is shown beside it.
    const theirs = typed.etag === now.etag ? undefined : now.text;
    return editResourcePage({ ...site, ...typed, etag: now.etag, theirs, problem: refused.problem });
  },
  async (visit, form) => {
    const typed = typedIn(form);
    const declaration = declarationIn(typed);
    if (form.get('do') === 'save') return save(typed, declaration, visit);
    const { effects } = await previewOf(typed, declaration, visit);
    return page(editResourcePage({ ...(await consoleSite(visit)), ...typed, effects }));
  },
);

const save = async ({ identifier, etag }: Typed, body: unknown, visit: Visit) => {
  if (identifier === undefined) await call('declareResource', { body }, visit);
  else await call('replaceResource', { query: { identifier }, body, ifMatch: etag }, visit);
  return redirect(`/console/catalogue?done=${identifier === undefined ? 'declared' : 'changed'}`);
};

const previewOf = ({ identifier }: Typed, declaration: unknown, visit: Visit) => {
  const declared = (declaration as { readonly identifier?: unknown } | null)?.identifier;
  const body = { identifier: identifier ?? declared, declaration };
  return answerOf<{ effects: readonly EffectView[] }>('previewResource', { body }, visit);
};
