/**
 * Types of authorization details (RFC 9396), as resources declare them: what can be asked for in detail, and the words in which
 * people read it. One row per kind of field, and nothing else knows the kinds.
 */
import * as z from 'zod/mini';
import { legible } from './legible.ts';

/** The members that RFC 9396 §2.2 gives a meaning for every type, and that are read here. */
const ownMembers = ['type', 'locations', 'actions'];

const name = z.string().check(
  z.regex(/^[A-Za-z_][\w.:/-]{0,199}$/, 'must be a name'),
  z.refine((one) => !ownMembers.includes(one), `must not be ${ownMembers.join(', ')}`),
);

const words = z.record(name, legible(100)).check(z.refine((all) => Object.keys(all).length > 0, 'must have members'));

const field = z
  .strictObject({
    name,
    /** What people read before the value. */
    label: legible(100),
    kind: z.enum(['text', 'amount', 'enum', 'list']),
    required: z._default(z.boolean(), false),
    /** Of kind `enum`: each value, and the words for it. */
    values: z.optional(words),
  })
  .check(z.refine(({ kind, values }) => (kind === 'enum') === (values !== undefined), 'values go with kind enum'));

const declaration = z.strictObject({
  title: legible(100),
  description: z.optional(legible(300)),
  /** Each action, and the words for it; where there are any, a request must say which. */
  actions: z.optional(words),
  fields: z
    ._default(z.array(field).check(z.maxLength(20)), [])
    .check(z.refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'must have different names')),
});

/** What a resource declares: each type by its name. */
export const detailDeclarations = z.record(name, declaration);

type DetailField = z.infer<typeof field>;

/** One declared type. */
export type DetailType = z.infer<typeof declaration>;

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
