/** What a declaration must be beside all the others: what one must be by itself is in `oauth/access/declaration.ts`. */
import { problemsTogether, readDeclaration, resourceFrom } from '../../oauth/access/catalogue.ts';
import type { ResourceDeclaration } from '../../oauth/access/declaration.ts';
import { isIdentityResource } from '../../oauth/access/openid-scopes.ts';
import { findResource, isOurOwn, isSameResource } from '../../oauth/access/resources.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { StoredCatalogue } from '../../storage/catalogue.ts';
import type { Acting } from './acting.ts';

/** What is stored is read by every instance, once in 15 seconds. */
const limits = { resources: 50, characters: 30_000, charactersTogether: 300_000 } as const;

/** Throws `invalid_request` for a declaration that does not fit beside the others, or is more than there is room for. */
export const requireFitting = (
  declaration: ResourceDeclaration,
  catalogue: StoredCatalogue,
  { server }: Pick<Acting, 'server'>,
): void => {
  const invalid = (problem: string): OAuthError => new OAuthError('catalogue_resource_invalid', problem);
  const own = server.resources.filter((one) => isOurOwn(one) || isIdentityResource(one));
  if (findResource(declaration.identifier, own) !== undefined)
    throw invalid('identifier: this resource is one of the server itself');
  const others = catalogue.resources.filter(({ declaration: text }) => !declares(text, declaration.identifier));
  const texts = [...others.map((one) => one.declaration), JSON.stringify(declaration)];
  const declared = texts.flatMap((text) => readDeclaration(text) ?? []).map(resourceFrom);
  if (problemsTogether([...server.config.resources, ...declared]).length > 0)
    throw invalid('authorizationDetails: another resource has one of these types');
  const { signingAlgorithm: algorithm } = declaration;
  if (algorithm !== undefined && !server.config.signing.algorithms.includes(algorithm))
    throw invalid('signingAlgorithm: no key of this server can sign so');
  const sizes = texts.map(({ length }) => length);
  if (
    texts.length > limits.resources ||
    Math.max(...sizes) > limits.characters ||
    sizes.reduce((sum, size) => sum + size) > limits.charactersTogether
  )
    throw new OAuthError('catalogue_too_large', 'there is no room for this; the setting RESOURCES has more');
};

/** True if the JSON of a declaration is of the resource of this name. */
export const declares = (text: string, identifier: string): boolean => {
  const read = readDeclaration(text);
  return read !== undefined && isSameResource(read.identifier, identifier);
};
