/** What is not offered yet, and the tests that say so: whoever adds one of these turns its tests round. */

export type NotOffered = {
  readonly what: string;
  readonly source: string;
  /** Relative to `test/`. */
  readonly file: string;
  /** Words that stand in that file, in the title of the test or in its row. */
  readonly words: string;
};

const table = `
request_uri of other servers | RFC 9101 §10.4 | flows/authorization/authorize.test.ts | a request_uri of another server
What else the metadata leaves out | RFC 8414 | flows/documents/metadata.test.ts | does not claim what it cannot do
front-channel logout and session management | OIDC Front-Channel Logout, Session Management | flows/documents/metadata.test.ts | [MD13] front-channel logout
`;

export const notOffered: readonly NotOffered[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [what = '', source = '', file = '', words = ''] = line.split(' | ');
    return { what, source, file, words };
  });

/** The section of docs/requirements.md about them. */
export const notOfferedSection = (): string =>
  [
    '## Not offered yet',
    '',
    'These tests say that something is refused cleanly and advertised nowhere. Whoever adds it turns them round.',
    '',
    '| what | source | test |',
    '|---|---|---|',
    ...notOffered.map(
      ({ what, source, file, words }) => `| ${what} | ${source} | [${file}](../test/${file}): ${words} |`,
    ),
  ].join('\n');
