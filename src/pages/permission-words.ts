/** Permissions and resources in the language of who reads them. */
import type { Words } from './words/words.ts';

/** Texts by language, as operators configure them (`name#de`, RFC 7591 §2.2). */
type Translations<Texts> = Readonly<Record<string, Texts>>;

type PermissionTexts = { readonly name: string; readonly category: string; readonly description: string };

type PermissionInWords = PermissionTexts & {
  readonly id: string;
  readonly isBuiltIn?: boolean | undefined;
  readonly translations?: Translations<Partial<PermissionTexts>> | undefined;
};

/** The same permission; whatever is not translated stays as it was configured. */
export const permissionIn = <P extends PermissionInWords>(permission: P, { language, catalogue }: Words): P => {
  if (permission.isBuiltIn !== true) return { ...permission, ...permission.translations?.[language] };
  const category = catalogue.areas[permission.category] ?? permission.category;
  return { ...permission, ...catalogue.permissions[permission.id], category };
};

type ResourceInWords = {
  readonly name: string;
  readonly translations?: Translations<{ readonly name?: string }> | undefined;
};

/** Who reads authorization details. */
export const readerOf = ({ language, approval }: Words): { readonly language: string; readonly may: string } => ({
  language,
  may: approval.may,
});

/** The name of a resource. */
export const resourceNameIn = ({ name, translations }: ResourceInWords, { language }: Words): string =>
  translations?.[language]?.name ?? name;
