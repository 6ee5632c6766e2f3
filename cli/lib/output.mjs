/** What is printed: readable text, or JSON. Results go to stdout, everything else to stderr. */

/** Names that strangers chose must not steer the terminal. */
const harmless = (text) => text.replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');

const inOneLine = (text) => harmless(text).replaceAll('\n', ' ');

const print = (stream, lines) => {
  if (lines.length > 0) stream.write(`${harmless(lines.join('\n'))}\n`);
};

export const say = (...lines) => print(process.stdout, lines);
export const warn = (...lines) => print(process.stderr, lines);

export const sayJson = (value) => {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
};

/** Rows of cells as text, each column as wide as its widest cell. */
export const table = (written) => {
  const rows = written.map((row) => row.map(inOneLine));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
};

/** Names and values below each other, indented. */
export const facts = (entries) =>
  table(entries.filter(([, value]) => value !== undefined).map(([name, value]) => [`  ${name}`, String(value)]));

/** Epoch seconds as people read them. */
export const instant = (seconds) => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
