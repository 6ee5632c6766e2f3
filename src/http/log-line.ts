/** Lines of the operators' log at the levels that they name. */

/** What a console has, and an invocation of the Functions worker. */
type Output = Readonly<Record<'log' | 'warn' | 'error', (text: string) => void>>;

/** Lines without a level are information. */
const writers = { error: 'error', warning: 'warn' } as const;

/** Writes the line as JSON; `level` also becomes the severity by which a log's own tools filter. */
export const writeLine = (output: Output, line: Readonly<Record<string, unknown>>): void => {
  const text = JSON.stringify(line);
  const { level } = line;
  if (level === 'error' || level === 'warning') output[writers[level]](text);
  else output.log(text);
};
