/** The resources that operators declare: list, read, look ahead, change. Each change is in the audit before it is made. */
import { declarationOf, readDeclaration, resourceFrom } from '../../oauth/access/catalogue.ts';
import {
  differenceOf,
  effectsOfResource,
  type ResourceDifference,
  takesAway,
} from '../../oauth/access/catalogue-effects.ts';
import type { ResourceDeclaration } from '../../oauth/access/declaration.ts';
import { findResource, isSameResource, type Resource } from '../../oauth/access/resources.ts';
import { requireVersion } from '../../oauth/access/version.ts';
import { actorOf } from '../../oauth/audit/event.ts';
import { base64url } from '../../oauth/crypto.ts';
import { OAuthError } from '../../oauth/errors.ts';
import { staleSeconds } from '../../oauth/grants/revocation.ts';
import type { StoredCatalogue, StoredResource } from '../../storage/catalogue.ts';
import type { Acting } from './acting.ts';
import { declares, requireFitting } from './catalogue-room.ts';
import { type CountedEffect, counted } from './counted-effects.ts';

type Reading = Pick<Acting, 'server'>;

/** A resource, where it was declared, and whether that counts. */
export type ListedResource = {
  readonly declaration: ResourceDeclaration;
  readonly source: 'file' | 'operators';
  /** False for what operators declared and the file declares otherwise. */
  readonly inForce: boolean;
  /** Epoch seconds; undefined for what is in the file. */
  readonly changedAt: number | undefined;
  /** The store's tag of what operators declared. */
  readonly tag: string | undefined;
};

const fromFile = (resource: Resource): ListedResource => ({
  declaration: declarationOf(resource),
  source: 'file',
  inForce: true,
  changedAt: undefined,
  tag: undefined,
});

const fromOperators = ({ declaration, changedAt, etag }: StoredResource, { server }: Reading): ListedResource[] => {
  const read = readDeclaration(declaration);
  if (read === undefined) return [];
  const inForce = findResource(read.identifier, server.config.resources) === undefined;
  return [{ declaration: read, source: 'operators', inForce, changedAt, tag: etag }];
};

const allOf = ({ resources }: StoredCatalogue, acting: Reading): readonly ListedResource[] => [
  ...acting.server.config.resources.map(fromFile),
  ...resources.flatMap((one) => fromOperators(one, acting)),
];

/** All of them, those of the file first, each in the order of their identifiers. One transaction. Throws `Unavailable`. */
export const listResources = async (acting: Reading): Promise<readonly ListedResource[]> => {
  const all = allOf(await acting.server.store.catalogue.read(), acting);
  const keyOf = ({ source, declaration }: ListedResource): string => `${source} ${declaration.identifier}`;
  return all.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
};

/** The one that counts. Throws `not_found`, `Unavailable`. */
export const readResource = async (identifier: string, acting: Reading): Promise<ListedResource> => {
  const all = allOf(await acting.server.store.catalogue.read(), acting);
  const [first] = all.filter(({ declaration }) => isSameResource(declaration.identifier, identifier));
  if (first === undefined) throw new OAuthError('catalogue_resource_unknown', 'there is no such resource');
  return first;
};

type Seen = { readonly catalogue: StoredCatalogue; readonly before: ListedResource | undefined };

/** The catalogue as it is, with the resource of this name among what operators declared. */
const see = async (identifier: string, acting: Reading): Promise<Seen> => {
  const catalogue = await acting.server.store.catalogue.read();
  const declared = catalogue.resources.flatMap((one) => fromOperators(one, acting));
  const before = declared.find(({ declaration }) => isSameResource(declaration.identifier, identifier));
  return { catalogue, before };
};

/** Throws `conflict` for what the file declares, and `not_found`. */
const requireDeclared = (identifier: string, { before }: Seen, { server }: Reading): ListedResource => {
  requireOutsideFile(identifier, { server });
  if (before === undefined) throw new OAuthError('catalogue_resource_unknown', 'there is no such resource');
  return before;
};

const requireOutsideFile = (identifier: string, { server }: Reading): void => {
  if (findResource(identifier, server.config.resources) !== undefined)
    throw new OAuthError('catalogue_resource_of_file', 'the setting RESOURCES declares this resource; change it there');
};

const resourceOf = (one: ListedResource | undefined): Resource | undefined => one && resourceFrom(one.declaration);

/** What declaring this, or (undefined) removing the resource of this name, would do. Throws as the change itself, but for versions. */
export const previewResource = async (
  identifier: string,
  declaration: ResourceDeclaration | undefined,
  acting: Reading,
): Promise<readonly CountedEffect[]> => {
  const seen = await see(identifier, acting);
  requireOutsideFile(identifier, acting);
  if (declaration === undefined) requireDeclared(identifier, seen, acting);
  else requireFitting(declaration, seen.catalogue, acting);
  const { needsOperator } = await acting.server.policy();
  const change = { before: resourceOf(seen.before), after: declaration && resourceFrom(declaration) };
  return counted(effectsOfResource(change, needsOperator), acting.server);
};

/** Declares a resource. Throws `conflict` if there is one of this name, and as `replaceResource`. */
export const addResource = async (declaration: ResourceDeclaration, acting: Acting): Promise<ListedResource> => {
  const { identifier } = declaration;
  const madeBy = base64url(acting.random(9));
  const seen = await see(identifier, acting);
  requireOutsideFile(identifier, acting);
  // A repetition finds what the attempt made whose answer was lost.
  const isMade = seen.catalogue.resources.some((one) => one.madeBy === madeBy && declares(one.declaration, identifier));
  if (isMade) return readResource(identifier, acting);
  if (seen.before !== undefined)
    throw new OAuthError('catalogue_resource_exists', 'there is a resource of this identifier');
  requireFitting(declaration, seen.catalogue, acting);
  await change({ identifier, declaration, seen, madeBy }, acting);
  return readResource(identifier, acting);
};

type Replacement = { readonly declaration: ResourceDeclaration; readonly ifMatch: string };

/** Throws `invalid_request`, `not_found`, `precondition_failed`, `conflict`, `Unavailable`. */
export const replaceResource = async (
  { declaration, ifMatch }: Replacement,
  acting: Acting,
): Promise<ListedResource> => {
  const { identifier } = declaration;
  const seen = await see(identifier, acting);
  const { tag = '' } = requireDeclared(identifier, seen, acting);
  requireVersion(ifMatch, tag);
  requireFitting(declaration, seen.catalogue, acting);
  await change({ identifier, declaration, seen, madeBy: '' }, acting);
  return readResource(identifier, acting);
};

/** Throws `not_found`, `precondition_failed`, `conflict`, `Unavailable`. */
export const removeResource = async (
  { identifier, ifMatch }: { readonly identifier: string; readonly ifMatch: string },
  acting: Acting,
): Promise<void> => {
  const seen = await see(identifier, acting);
  const { tag = '' } = requireDeclared(identifier, seen, acting);
  requireVersion(ifMatch, tag);
  await change({ identifier, declaration: undefined, seen, madeBy: '' }, acting);
};

type ResourceChange = {
  readonly identifier: string;
  readonly declaration: ResourceDeclaration | undefined;
  readonly seen: Seen;
  readonly madeBy: string;
};

/** A row holds 32,000 characters, and ids have no spaces. */
const charactersOfEach = 4_000;

const inWords = (difference: ResourceDifference): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(difference).flatMap(([name, ids]) =>
      ids.length === 0 ? [] : [[name, ids.join(' ').slice(0, charactersOfEach)]],
    ),
  );

const actFor = ({ declaration, seen }: ResourceChange) => {
  if (declaration === undefined) return 'remove resource' as const;
  return seen.before === undefined ? ('declare resource' as const) : ('change resource' as const);
};

const change = async (one: ResourceChange, { server, principal }: Acting): Promise<void> => {
  const { identifier, declaration, seen, madeBy } = one;
  const difference = differenceOf({ before: resourceOf(seen.before), after: declaration && resourceFrom(declaration) });
  const details = inWords(difference);
  await server.store.audit.record({ action: actFor(one), target: identifier, actor: actorOf(principal), details });
  // Before it, so that nobody takes tokens that say too much.
  if (takesAway(difference))
    await server.store.revocations.announce([{ kind: 'everyone', before: server.clock() + staleSeconds }]);
  const next = declaration && { declaration: JSON.stringify(declaration), madeBy };
  if (!(await server.store.catalogue.change({ identifier, next }, seen.catalogue.version)))
    throw new OAuthError(
      'catalogue_changed_meanwhile',
      'somebody else changed the catalogue at the same time; try again',
    );
  server.log({ event: 'catalogue_changed', resource: identifier, actor: principal.id });
};
