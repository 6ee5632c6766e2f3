/** Checks of members whose names no shape lists, such as those of other languages (`name#de`, RFC 7591 §2.2). */
import * as z from 'zod/mini';

/** What follows a member's name where it is in another language. */
export const tag = '#[A-Za-z]{2,8}$';

/** An issue at a member of what is checked. */
export type Found = { readonly path: readonly (string | number)[]; readonly message: string };

/** A check that names every place that is wrong. */
export const places =
  <Value>(find: (value: Value) => readonly Found[]) =>
  (context: z.core.ParsePayload<Value>): void => {
    for (const { path, message } of find(context.value))
      context.issues.push({ code: 'custom', path: [...path], message, input: context.value });
  };

const unknownMember = 'is no member that is known';

/** Refuses members that are neither of the shape nor named like the others. */
export const known = (shape: object, others: string) =>
  places((value: object) =>
    Object.keys(value)
      .filter((member) => !Object.hasOwn(shape, member) && !new RegExp(others).test(member))
      .map((member) => ({ path: [member], message: unknownMember })),
  );

/** For JSON Schema: a shape says no more of members whose names it does not know. */
export const membersBeside = (patternProperties: Readonly<Record<string, object>>) =>
  z.meta({ patternProperties, additionalProperties: false });
