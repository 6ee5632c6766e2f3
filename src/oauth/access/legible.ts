/** Texts that somebody else wrote and people read. */
import * as z from 'zod/mini';

/** What people read is what is asked for: nothing in it changes the look of the rest, or has none. */
const isLegible = (value: string): boolean => value.trim() === value && !/(?!\p{Join_Control})\p{C}/u.test(value);

/** One line of up to so many characters. */
export const legible = (longest: number) =>
  z.string().check(z.minLength(1), z.maxLength(longest), z.refine(isLegible, 'must be text that can be read'));
