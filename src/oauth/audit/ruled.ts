/** What an event says of a rule that was changed: all of it, before and after, as long as a row has room for that. */
import { fittingList } from './fitting.ts';

/** A row and a line hold no more than 32,000 characters. */
const wholeLimit = 24_000;
const listLimit = 8_000;

type Changed<R> = { readonly before: R | undefined; readonly after: R | undefined };

/** `permissionsOf` finds the list that may be long: where there is no room for two of them, what came and what went is told. */
export const ruledDetails = <R extends object>(
  change: Changed<R>,
  permissionsOf: (rule: R) => readonly string[],
): Readonly<Record<string, unknown>> => {
  if (JSON.stringify(change).length <= wholeLimit) return change;
  const { before, after } = change;
  const setOf = (rule: R | undefined) => new Set(rule && permissionsOf(rule));
  const [was, will] = [setOf(before), setOf(after)];
  return {
    before: withoutLists(before),
    after: withoutLists(after),
    added: fittingList(
      [...will].filter((one) => !was.has(one)),
      listLimit,
    ),
    removed: fittingList(
      [...was].filter((one) => !will.has(one)),
      listLimit,
    ),
  };
};

const longList = 50;

/** How many there are, in place of a long list. */
const withoutLists = (rule: object | undefined) =>
  rule &&
  Object.fromEntries(
    Object.entries(rule).map(([name, value]) => [
      name,
      Array.isArray(value) && value.length > longList ? `${value.length} permissions` : value,
    ]),
  );
