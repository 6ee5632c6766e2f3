/** Permissions as declarations need them, where a test minds their ids alone. */

/** One for each id, with a name and a description. */
export const permissionsOf = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, name: `Do ${id}`, description: `Whatever ${id} is.` }));
