/**
 * Types of authorization details (RFC 9396), as resources declare them: what can be asked for in detail, and the words in which
 * people read it. One row per kind of field, and nothing else knows the kinds.
 */
import * as z from 'zod/mini';
import { legible } from './legible.ts';
import { known, membersBeside, places, tag } from './members.ts';

/** The members that RFC 9396 §2.2 gives a meaning for every type, and that are read here. */
const ownMembers = ['type', 'locations', 'actions'];

const name = z.string().check(
  z.regex(/^[A-Za-z_][\w.:/-]{0,199}$/, 'must be a name'),
  z.refine((one) => !ownMembers.includes(one), `must not be ${ownMembers.join(', ')}`),
);

const words = z.record(name, legible(100)).check(z.refine((all) => Object.keys(all).length > 0, 'must have members'));

/** Words by what they stand for. */
type Words = Readonly<Record<string, string>>;

/** Members such as `title#de` and `values#de` (RFC 7591 §2.2): the same in another language. */
type Translated = { readonly [member: `${string}#${string}`]: string | Words | undefined };

const textLike = (members: string): string => `^(${members})${tag}`;
const wordsLike = (member: string): string => `^${member}${tag}`;
const schemaOfWords = { type: 'object', additionalProperties: { type: 'string' } };

/** What is said in another language is a text where the member is one, and else words for things that are declared. */
const translatedLike = (texts: string, listed: string) =>
  places((value: object) =>
    Object.entries(value).flatMap(([member, said]: readonly [string, unknown]) => {
      const declared: unknown = Object.entries(value).find(([own]) => own === listed)?.[1];
      if (new RegExp(textLike(texts)).test(member))
        return typeof said === 'string' ? [] : [{ path: [member], message: 'must be text' }];
      if (!new RegExp(wordsLike(listed)).test(member)) return [];
      return isPartOf(said, declared) ? [] : [{ path: [member], message: `must have words for what ${listed} has` }];
    }),
  );

const isPartOf = (said: unknown, declared: unknown): boolean =>
  typeof said === 'object' && Object.keys(said ?? {}).every((one) => Object.hasOwn(declared ?? {}, one));

const inOtherWords = z.union([legible(300), words]);

const fieldMembers = {
  name,
  /** What people read before the value. */
  label: legible(100),
  kind: z.enum(['text', 'amount', 'enum', 'list']),
  required: z._default(z.boolean(), false),
  /** Of kind `enum`: each value, and the words for it. */
  values: z.optional(words),
};

const field = z.catchall(z.object(fieldMembers), inOtherWords).check(
  known(fieldMembers, textLike('label|values')),
  translatedLike('label', 'values'),
  places(({ kind, values }: Pick<DetailField, 'kind' | 'values'>) =>
    (kind === 'enum') === (values !== undefined) ? [] : [{ path: [], message: 'values go with kind enum' }],
  ),
  membersBeside({ [textLike('label')]: { type: 'string' }, [wordsLike('values')]: schemaOfWords }),
);

const typeMembers = {
  title: legible(100),
  description: z.optional(legible(300)),
  /** Each action, and the words for it; where there are any, a request must say which. */
  actions: z.optional(words),
  fields: z
    ._default(z.array(field).check(z.maxLength(20)), [])
    .check(z.refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'must have different names')),
};

const declaration = z
  .catchall(z.object(typeMembers), inOtherWords)
  .check(
    known(typeMembers, textLike('title|description|actions')),
    translatedLike('title|description', 'actions'),
    membersBeside({ [textLike('title|description')]: { type: 'string' }, [wordsLike('actions')]: schemaOfWords }),
  );

/** What a resource declares: each type by its name. Its output is of `DetailType`s, which the library's types do not follow. */
export const detailDeclarations = z.record(name, declaration);

type DetailField = Translated & {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'amount' | 'enum' | 'list';
  readonly required: boolean;
  readonly values?: Words | undefined;
};

/** One declared type. */
export type DetailType = Translated & {
  readonly title: string;
  readonly description?: string | undefined;
  readonly actions?: Words | undefined;
  readonly fields: readonly DetailField[];
};

/** The type in the language of who reads; what nobody said in it stays as it was declared. */
export const detailTypeIn = (type: DetailType, language: string): DetailType => ({
  ...saidIn(type, language),
  fields: type.fields.map((one) => saidIn(one, language)),
});

const saidIn = <T extends object>(declared: T, language: string): T => {
  const suffix = `#${language}`;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(declared);
  const said = entries
    .filter(([member]) => member.toLowerCase().endsWith(suffix))
    .map(([member, words]) => [member.slice(0, -suffix.length), words] as const);
  const whole = said.map(([member, words]) => {
    const own = entries.find(([one]) => one === member)?.[1];
    return [member, typeof words === 'object' ? Object.assign({}, own, words) : words] as const;
  });
  return { ...declared, ...Object.fromEntries(whole) };
};

type Kind = {
  /** What a request may say. */
  readonly value: (field: DetailField) => z.ZodMiniType;
  /** The same for people. */
  readonly words: (value: never, field: DetailField) => string;
};

const kinds: Readonly<Record<DetailField['kind'], Kind>> = {
  text: { value: () => legible(200), words: (value: string) => value },
  amount: {
    value: () =>
      z.strictObject({
        currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
        amount: z.string().check(z.regex(/^\d{1,15}(\.\d{1,4})?$/)),
      }),
    words: ({ currency, amount }: { readonly currency: string; readonly amount: string }) => `${amount} ${currency}`,
  },
  enum: {
    value: ({ values = {} }) => z.enum(Object.keys(values)),
    words: (value: string, { values = {} }) => values[value] ?? value,
  },
  list: {
    value: () => z.array(legible(200)).check(z.minLength(1), z.maxLength(20)),
    words: (value: readonly string[]) => value.join(', '),
  },
};

/** What a request may say of the type; reading puts its members into one order. `locations` is for the caller to judge. */
export const schemaOf = (type: string, { actions, fields }: DetailType) =>
  z.strictObject({
    type: z.literal(type),
    locations: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(10))),
    ...(actions === undefined
      ? {}
      : {
          actions: z.array(z.enum(Object.keys(actions))).check(z.minLength(1), z.maxLength(20)),
        }),
    ...Object.fromEntries(
      fields.map((one) => {
        const value = kinds[one.kind].value(one);
        return [one.name, one.required ? value : z.optional(value)];
      }),
    ),
  });

/** What a person reads of one: labels and values, the actions first. */
export const wordsOf = (
  detail: Readonly<Record<string, unknown>>,
  { actions = {}, fields }: DetailType,
  /** The label of the actions. */
  may: string,
): readonly (readonly [string, string])[] => {
  const asked = (detail.actions ?? []) as readonly string[];
  const said = fields.filter((one) => detail[one.name] !== undefined);
  return [
    ...(asked.length === 0 ? [] : [[may, asked.map((one) => actions[one] ?? one).join(', ')] as const]),
    // `never`: the shape of this kind has read the value, which the compiler cannot follow through the table.
    ...said.map((one) => [one.label, kinds[one.kind].words(detail[one.name] as never, one)] as const),
  ];
};
