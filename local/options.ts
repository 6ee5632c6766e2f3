/** What may be written behind `npm start --`. */

const known = { '--reset': 'forgets the data of earlier runs' } as const;

export type Options = { readonly reset: boolean };

const list = Object.entries(known)
  .map(([name, meaning]) => `  ${name}   ${meaning}`)
  .join('\n');

/** Throws an Error with the list of known options for anything else, and for what npm has kept to itself. */
export const readOptions = (
  written: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options => {
  const unknown = written.find((option) => !Object.hasOwn(known, option));
  if (unknown !== undefined)
    throw new Error(
      `"${unknown}" is not an option. Known are:\n${list}\nPORT and LOCAL_DATA_DIR are environment variables.`,
    );
  // Of `npm start --reset` no word reaches the script, but npm tells its own configuration.
  const kept = Object.keys(known).find((option) => environment[`npm_config_${option.slice(2)}`] !== undefined);
  if (kept !== undefined) throw new Error(`npm takes "${kept}" for itself: write npm start -- ${kept}`);
  return { reset: written.includes('--reset') };
};
