/** cmd.exe takes one line: quoted where needed, with quotes inside quotes doubled. */
export const windowsLine = (words) =>
  words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`)).join(' ');
