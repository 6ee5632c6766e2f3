/** What people authorized: listed, and ended. */
import { openApi } from '../lib/api.mjs';
import { Failure } from '../lib/failure.mjs';
import { wholeNumber } from '../lib/files.mjs';
import { instant, say, sayJson, table } from '../lib/output.mjs';
import { personOption, pseudonymOf } from '../lib/people.mjs';

const clientOption = { client: { type: 'string', value: 'client_id', about: 'of this service' } };

const pathOf = async ({ client, person }, api) => {
  if ((client === undefined) === (person === undefined)) throw new Failure('usage', 'Whose? --client, or --person.');
  if (client !== undefined) return `authorizations?client_id=${encodeURIComponent(client)}`;
  return `people/${await pseudonymOf(person, api)}/authorizations`;
};

/** Of a person each row names the service, of a service the person. */
const rowOf = ({ id, account, name, client_id: client, in_force: inForce, granted_at: at }) => [
  id,
  client ?? account ?? name,
  instant(at),
  inForce ? 'in force' : 'over',
];

export const listAuthorizations = {
  about: 'lists what a person authorized, or who authorized a service; the audit log says that you looked',
  options: {
    ...clientOption,
    ...personOption,
    limit: { type: 'string', value: 'number', about: 'how many at most; all when left out' },
  },
  run: async ({ options, connection }) => {
    const api = openApi(connection);
    const limit = options.limit === undefined ? undefined : wholeNumber(options.limit, 'limit', [1, 1_000_000]);
    const entries = [];
    for await (const entry of api.pages(await pathOf(options, api), 'authorizations', limit)) entries.push(entry);
    if (options.json) return sayJson(entries);
    const about = options.client === undefined ? 'service' : 'person';
    say(...table([['id', about, 'since', 'state'], ...entries.map(rowOf)]));
  },
};
