/** Operations on the resources that operators declare. A declaration is written here as it is in the setting RESOURCES. */
import * as z from 'zod';
import {
  addResource,
  type ListedResource,
  listResources,
  previewResource,
  readResource,
  removeResource,
  replaceResource,
} from '../../flows/operators/catalogue.ts';
import { openCursor, sealCursor } from '../../oauth/access/cursor.ts';
import { type ResourceDeclaration, resourceShape } from '../../oauth/access/declaration.ts';
import { versionOf } from '../../oauth/access/version.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { epochSeconds, nextPage, type Operation, operation, pageQuery } from './operation.ts';
import { effects, wireEffects } from './policy.ts';

// The setting is read by the smaller half of the library, whose shapes are the same at run time.
const declaration = resourceShape as unknown as z.ZodType<ResourceDeclaration>;

const identifier = z.string().min(1).max(1_000).describe('Identifier of the resource (RFC 8707).');
const resourceQuery = z.object({ identifier });

const listed = z.strictObject({
  declaration,
  source: z.enum(['file', 'operators']).describe('The setting RESOURCES, which wins, or operators through this API.'),
  in_force: z.boolean().describe('False for what operators declared and the setting declares otherwise.'),
  changed_at: epochSeconds.optional(),
});

const wire = ({ declaration: one, source, inForce, changedAt }: ListedResource): z.infer<typeof listed> => ({
  declaration: one,
  source,
  in_force: inForce,
  ...(changedAt === undefined ? {} : { changed_at: changedAt }),
});

const answerOf = (one: ListedResource) => ({
  body: wire(one),
  ...(one.tag === undefined ? {} : { etag: versionOf(one.tag) }),
});

const addressOf = (name: string, issuer: string): string =>
  `${issuer}/api/admin/catalogue/resource?${new URLSearchParams({ identifier: name })}`;

/** Every way in which a declaration is refused, beside its shape. */
const unfitting = ['catalogue_resource_invalid', 'catalogue_too_large', 'catalogue_resource_of_file'] as const;

const list = operation({
  name: 'listResources',
  method: 'GET',
  route: 'catalogue',
  role: 'auditor',
  summary: 'Lists the resources and their permissions, and where each was declared',
  query: pageQuery,
  answer: z.strictObject({ resources: z.array(listed), ...nextPage }),
  status: 200,
  refusals: ['page_unknown'],
  run: async ({ query }, acting) => {
    const { cursor } = await acting.server.keys();
    const from = query.after === undefined ? 0 : Number(openCursor('resources', query.after, cursor));
    const all = await listResources(acting);
    const to = from + query.limit;
    return {
      body: {
        resources: all.slice(from, to).map(wire),
        ...(to < all.length ? { next: sealCursor('resources', String(to), cursor) } : {}),
      },
    };
  },
});

const add = operation({
  name: 'declareResource',
  method: 'POST',
  route: 'catalogue',
  role: 'operator',
  summary: 'Declares a resource with its permissions; every instance has it within 15 seconds',
  body: declaration,
  answer: listed,
  status: 201,
  versionShown: true,
  creates: true,
  refusals: [...unfitting, 'catalogue_resource_exists', 'catalogue_changed_meanwhile'],
  run: async ({ body }, acting) => {
    const made = await addResource(body, acting);
    return { ...answerOf(made), location: addressOf(body.identifier, acting.server.config.issuer) };
  },
});

const read = operation({
  name: 'readResource',
  method: 'GET',
  route: 'catalogue/resource',
  role: 'auditor',
  summary: 'Reads the declaration of a resource',
  query: resourceQuery,
  answer: listed,
  status: 200,
  versionShown: true,
  refusals: ['catalogue_resource_unknown'],
  run: async ({ query }, acting) => answerOf(await readResource(query.identifier, acting)),
});

const replace = operation({
  name: 'replaceResource',
  method: 'PUT',
  route: 'catalogue/resource',
  role: 'operator',
  summary: 'Replaces it; a permission that is left out is gone from tokens within 15 seconds',
  query: resourceQuery,
  body: declaration,
  answer: listed,
  status: 200,
  versionShown: true,
  versioned: true,
  refusals: [...unfitting, 'catalogue_resource_unknown', 'catalogue_changed_meanwhile'],
  run: async ({ query, body, ifMatch }, acting) => {
    requireSame(query.identifier, body);
    return answerOf(await replaceResource({ declaration: body, ifMatch }, acting));
  },
});

const requireSame = (name: string, { identifier: declared }: ResourceDeclaration): void => {
  if (name !== declared)
    throw new OAuthError('catalogue_resource_invalid', 'identifier: a resource keeps its identifier');
};

const remove = operation({
  name: 'removeResource',
  method: 'DELETE',
  route: 'catalogue/resource',
  role: 'operator',
  summary: 'Removes it; what services had there stops within 15 seconds, and works again if it is declared again',
  query: resourceQuery,
  status: 204,
  versioned: true,
  refusals: ['catalogue_resource_unknown', 'catalogue_resource_of_file', 'catalogue_changed_meanwhile'],
  run: async ({ query, ifMatch }, acting) => {
    await removeResource({ identifier: query.identifier, ifMatch }, acting);
    return {};
  },
});

const preview = operation({
  name: 'previewResource',
  method: 'POST',
  route: 'catalogue/preview',
  role: 'auditor',
  summary:
    'Says what declaring this, or removing the resource where nothing is declared, would do, and to whom; changes nothing',
  body: z.strictObject({ identifier, declaration: z.optional(declaration) }),
  answer: effects,
  status: 200,
  refusals: [...unfitting, 'catalogue_resource_unknown'],
  run: async ({ body }, acting) => {
    if (body.declaration !== undefined) requireSame(body.identifier, body.declaration);
    return { body: wireEffects(await previewResource(body.identifier, body.declaration, acting)) };
  },
});

/** In the order of the documentation. */
export const catalogueOperations: readonly Operation[] = [list, add, read, replace, remove, preview];
