/** `audit`: days of the audit log to take along, and whether anybody touched them. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { verifyAudit } from '../audit/verify.mjs';
import { openApi } from '../lib/api.mjs';
import { exits, Failure } from '../lib/failure.mjs';
import { readObject, readText } from '../lib/files.mjs';
import { readJson } from '../lib/http.mjs';
import { say, sayJson, warn } from '../lib/output.mjs';

const days = {
  from: {
    type: 'string',
    value: 'day',
    about: 'the first day (UTC), as in 2026-11-21; six days before the last when left out',
  },
  to: { type: 'string', value: 'day', about: 'the last day; today when left out' },
};

const prefix = '/api/admin/';

/** The text of an export, page after page. */
async function* exported(api, { from, to }) {
  const query = new URLSearchParams(Object.entries({ from, to }).filter(([, value]) => value !== undefined));
  let path = `audit/export?${query}`;
  while (path !== undefined) {
    const { text, headers } = await api.call('GET', path);
    yield text;
    const next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    // A token goes nowhere else, whatever a link says.
    path = next?.startsWith(prefix) ? next.slice(prefix.length) : undefined;
  }
}

const written = async (stream, text) => {
  if (!stream.write(text)) await once(stream, 'drain');
};

export const auditExport = {
  about: 'whole days of the audit log as JSON lines, with the seals that vouch for them',
  options: { ...days, output: { type: 'string', value: 'file', about: 'where to; the standard output when left out' } },
  run: async ({ options, connection }) => {
    const api = openApi(connection);
    const stream = options.output === undefined ? process.stdout : createWriteStream(options.output, { mode: 0o600 });
    for await (const text of exported(api, options)) await written(stream, text);
    if (options.output === undefined) return;
    stream.end();
    await once(stream, 'finish');
    warn(`Written to ${options.output}. To verify it: npx assent audit verify ${options.output}`);
  },
};

const keysFor = async ({ options, connection }) => {
  const jwks =
    options.jwks === undefined
      ? await readJson(`${connection.issuer}/.well-known/jwks.json`, connection)
      : readObject(options.jwks);
  if (!Array.isArray(jwks.keys)) throw new Failure('usage', 'That is no key set: a JSON object with "keys".');
  return jwks;
};

const textFor = async (file, options, connection) => {
  if (file !== undefined) return readText(file);
  const pages = [];
  for await (const page of exported(openApi(connection), options)) pages.push(page);
  return pages.join('');
};

export const auditVerify = {
  about: 'finds events that were taken out, put in, changed or moved, and days that are missing',
  positions: ['export?'],
  options: {
    ...days,
    jwks: {
      type: 'string',
      value: 'file',
      about: 'the key set of /.well-known/jwks.json: with it and an export, offline',
    },
  },
  run: async ({ options, positions, connection }) => {
    const text = await textFor(positions.export, options, connection);
    const result = verifyAudit(text.split('\n'), await keysFor({ options, connection }));
    if (options.json) sayJson(result);
    else {
      say(...result.findings.map(({ day, problem }) => `${day ?? 'export'}: ${problem}`));
      say(`${result.events} events, ${result.days} sealed days, ${result.findings.length} findings`);
      if (result.deleted.length > 0) say(`deleted by now: ${result.deleted[0]} to ${result.deleted.at(-1)}`);
      if (result.unsealed.length > 0) say(`not sealed yet: ${result.unsealed.join(', ')}`);
    }
    return result.findings.length === 0 ? exits.done : exits.findings;
  },
};
