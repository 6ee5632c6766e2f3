/** How a command ends, and what it says when it cannot go on. */

/** What the process ends with; docs/cli.md lists them. */
export const exits = { done: 0, findings: 1, usage: 2, signIn: 3, denied: 3, refused: 4, unreachable: 5 };

/**
 * Ends the command with an explanation, and perhaps with what to do. `signIn`: nobody is signed in; `denied`: whoever is may not.
 * Everything else that is thrown is a defect.
 */
export class Failure extends Error {
  constructor(kind, message, remedy) {
    super(message);
    this.kind = kind;
    this.remedy = remedy;
  }
}

/** The exit code and the lines for an error. */
export const explain = (error) => {
  if (error instanceof Failure)
    return { code: exits[error.kind], lines: [error.message, ...(error.remedy === undefined ? [] : [error.remedy])] };
  return { code: exits.unreachable, lines: [`This is a defect of the command: ${error?.stack ?? error}`] };
};
