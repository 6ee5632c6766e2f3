/** `list`: page after page, to the end or to a limit. */
import { openApi } from '../lib/api.mjs';
import { wholeNumber } from '../lib/files.mjs';
import { say, sayJson, table } from '../lib/output.mjs';

const limitOption = { limit: { type: 'string', value: 'number', about: 'how many at most; all when left out' } };

/** All entries of a list, `limit` at most. */
const gathered = async (connection, options, { path, name }) => {
  const limit = options.limit === undefined ? undefined : wholeNumber(options.limit, 'limit', [1, 1_000_000]);
  const entries = [];
  for await (const entry of openApi(connection).pages(path, name, limit)) entries.push(entry);
  return entries;
};

export const listClients = {
  about: 'lists the registered services, with what there is to do about their secrets',
  options: limitOption,
  run: async ({ options, connection }) => {
    const clients = await gathered(connection, options, { path: 'apps', name: 'apps' });
    if (options.json) return sayJson(clients);
    const rows = clients.map((one) => [one.client_id, one.client_name ?? '', (one.assent_warnings ?? []).join(' ')]);
    say(...table([['client_id', 'name', 'to do'], ...rows]));
  },
};
