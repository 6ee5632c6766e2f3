/** A token that is asked for again before it ends: a copy can take longer than one lives. */

/** Tokens live an hour or more. */
const tokenSeconds = 600;

/** Gives what `ask` gave, for ten minutes. */
export const keptToken = (ask) => {
  let token;
  let until = 0;
  return () => {
    if (Date.now() > until) {
      token = ask();
      until = Date.now() + tokenSeconds * 1000;
    }
    return token;
  };
};
