/** What a table has under a name that somebody sent; undefined for any other, such as those that every object has. */
export const chosen = <Value>(table: Readonly<Record<string, Value>>, name: string | undefined): Value | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
