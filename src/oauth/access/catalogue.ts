/**
 * The catalogue: every resource with its permissions, as the setting RESOURCES and operators declare them (`declaration.ts`).
 * The built-in permissions are modelled on those of Azure DevOps.
 */
import { en } from 'zod/locales';
import * as z from 'zod/mini';
import catalogue from './catalogue.json' with { type: 'json' };
import { type PermissionDeclaration, type ResourceDeclaration, resourceShape } from './declaration.ts';
import { findResource, type Permission, type Resource, resourceKey, type Translations } from './resources.ts';

const iconsByArea: Readonly<Record<string, string>> = catalogue.icons;

const readBuiltIn = (): Resource['permissions'] => {
  const offered = catalogue.scopes.filter((scope) => scope.public);
  const ids: ReadonlySet<string | null> = new Set(offered.map(({ id }) => id));
  return new Map(
    offered.map(({ id, category, name, description, highPrivilege, inheritsFrom }) => [
      id,
      {
        id,
        category,
        name,
        description,
        highPrivilege,
        inheritsFrom: ids.has(inheritsFrom) ? (inheritsFrom ?? undefined) : undefined,
        icon: iconsByArea[category],
        isBuiltIn: true,
      },
    ]),
  );
};

let builtIn: Resource['permissions'] | undefined;

/** What a resource has that declares no permissions of its own; always the same, and made for the first of them. */
const builtInPermissions = (): Resource['permissions'] => {
  builtIn ??= readBuiltIn();
  return builtIn;
};

const permissionFrom = (one: PermissionDeclaration): Permission => ({
  id: one.id,
  category: one.category ?? 'Other',
  name: one.name,
  description: one.description,
  highPrivilege: one.highPrivilege ?? false,
  inheritsFrom: one.inheritsFrom ?? undefined,
  icon: one.icon,
  translations: translationsIn(one),
});

/** Members such as `name#de` (RFC 7591 §2.2). */
const translationsIn = (row: Readonly<Record<string, unknown>>): Translations | undefined => {
  const texts = Object.entries(row).flatMap(([member, text]) => {
    const [name = '', tag] = member.split('#');
    return tag === undefined || typeof text !== 'string' ? [] : [{ name, text, tag: tag.toLowerCase() }];
  });
  if (texts.length === 0) return undefined;
  const byTag = Map.groupBy(texts, ({ tag }) => tag);
  return Object.fromEntries(
    Array.from(byTag, ([tag, all]) => [tag, Object.fromEntries(all.map(({ name, text }) => [name, text]))]),
  );
};

/** The same as members again. */
const translatedMembers = (translations: Translations = {}): Readonly<Record<`${string}#${string}`, string>> =>
  Object.fromEntries(
    Object.entries(translations).flatMap(([tag, texts]) =>
      Object.entries(texts).map(([name, text]) => [`${name}#${tag}` as const, text]),
    ),
  );

/** What a declaration that fits the shape declares. */
export const resourceFrom = (declared: ResourceDeclaration): Resource => {
  const { identifier, name, claims = ['subject'], signingAlgorithm, permissions, authorizationDetails } = declared;
  return {
    identifier,
    name,
    translations: translationsIn(declared),
    permissions:
      permissions === undefined
        ? builtInPermissions()
        : new Map(permissions.map((one) => [one.id, permissionFrom(one)])),
    claims,
    signingAlgorithm,
    ...(authorizationDetails === undefined ? {} : { detailTypes: new Map(Object.entries(authorizationDetails)) }),
  };
};

/** The declaration of a resource, which declares the same again. */
export const declarationOf = (resource: Resource): ResourceDeclaration => {
  const { identifier, name, translations, claims, signingAlgorithm, permissions, detailTypes } = resource;
  return {
    ...translatedMembers(translations),
    identifier,
    name,
    claims,
    ...(signingAlgorithm === undefined ? {} : { signingAlgorithm }),
    ...(permissions === builtIn ? {} : { permissions: [...permissions.values()].map(permissionOf) }),
    ...(detailTypes === undefined ? {} : { authorizationDetails: Object.fromEntries(detailTypes) }),
  };
};

const permissionOf = (permission: Permission): PermissionDeclaration => {
  const { inheritsFrom, icon, translations, isBuiltIn: _, ...one } = permission;
  return {
    ...translatedMembers(translations),
    ...one,
    ...(icon === undefined ? {} : { icon }),
    ...(inheritsFrom === undefined ? {} : { inheritsFrom }),
  };
};

/** What is wrong with resources together: each may be there once, and each type of authorization details at one of them. */
export const problemsTogether = (resources: readonly Resource[]): readonly string[] => {
  const twice = (names: readonly string[]): readonly string[] => [
    ...new Set(names.filter((name, index) => names.indexOf(name) < index)),
  ];
  return [
    ...twice(resources.map(({ identifier }) => resourceKey(identifier))).map((key) => `${key}: is there twice`),
    ...twice(resources.flatMap(({ detailTypes }) => [...(detailTypes?.keys() ?? [])])).map(
      (type) => `${type}: authorizationDetails has it at two resources`,
    ),
  ];
};

const catalogueShape = z.array(resourceShape);

/** Nobody mends more than these at once. */
const problemsShown = 20;

/**
 * The resources of a file or of the setting RESOURCES: a JSON array of declarations. Throws an Error whose message names each
 * problem, in its place.
 */
export const parseResources = (value: unknown): readonly Resource[] => {
  if (!Array.isArray(value)) throw new Error('must be a JSON array');
  const parsed = catalogueShape.safeParse(value, { error: en().localeError });
  if (!parsed.success) throw problemsIn(parsed.error.issues.map((issue) => inItsPlace(issue, value)));
  const resources = (parsed.data as unknown as readonly ResourceDeclaration[]).map(resourceFrom);
  const together = problemsTogether(resources);
  if (together.length > 0) throw problemsIn(together);
  return resources;
};

const problemsIn = (problems: readonly string[]): Error => new Error(problems.slice(0, problemsShown).join('; '));

/** As in `https://api.example: permissions.2.inheritsFrom: names no permission of this resource`. */
const inItsPlace = ({ path, message }: z.core.$ZodIssue, value: readonly unknown[]): string => {
  const [index, ...members] = path;
  const { identifier } = (value[Number(index)] ?? {}) as { readonly identifier?: unknown };
  return [typeof identifier === 'string' ? identifier : `${String(index)}`, members.join('.'), message]
    .filter((part) => part !== '')
    .join(': ');
};

/**
 * What counts: everything of the file, and of what operators declared all that the file does not decide otherwise. So what is
 * reviewed as code is never changed past it, and no new version of the file is held up by what somebody declared before.
 */
export const withDeclared = (file: readonly Resource[], declared: readonly Resource[]): readonly Resource[] => {
  const taken = new Set(file.flatMap(({ detailTypes }) => [...(detailTypes?.keys() ?? [])]));
  const left = ({ detailTypes, ...resource }: Resource): Resource => {
    if (detailTypes === undefined) return resource;
    return { ...resource, detailTypes: new Map([...detailTypes].filter(([type]) => !taken.has(type))) };
  };
  return [...file, ...declared.filter(({ identifier }) => findResource(identifier, file) === undefined).map(left)];
};

/** The declaration in a JSON text that was checked when it was stored; undefined when no version of ours reads it any more. */
export const readDeclaration = (text: string): ResourceDeclaration | undefined => {
  const parsed = resourceShape.safeParse(JSON.parse(text));
  return parsed.success ? (parsed.data as unknown as ResourceDeclaration) : undefined;
};
