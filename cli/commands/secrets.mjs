/** `secrets`: what a service proves itself with. A secret is on the standard output once, and nowhere else. */
import { openApi } from '../lib/api.mjs';
import { wholeNumber } from '../lib/files.mjs';
import { facts, instant, say, sayJson, table } from '../lib/output.mjs';

const daySeconds = 86_400;

const pathOf = (clientId) => `apps/${encodeURIComponent(clientId)}`;

/** For the client that has just got it. */
export const secretFacts = ({ client_secret: secret, client_secret_expires_at: end }) =>
  secret === undefined
    ? []
    : [
        ['client_secret', `${secret}   (shown this once)`],
        ['good until', instant(end)],
      ];

export const secretsAdd = {
  about: 'makes a second secret, so that the first can be replaced at leisure',
  positions: ['client_id'],
  options: { days: { type: 'string', value: 'days', about: 'how long it is good; a year when left out' } },
  run: async ({ options, positions: { client_id: id }, connection }) => {
    const body =
      options.days === undefined ? {} : { expires_in: wholeNumber(options.days, 'days', [1, 730]) * daySeconds };
    const api = openApi(connection);
    const made = await api.call('POST', `${pathOf(id)}/secrets`, { body, creates: true });
    if (options.json) return sayJson(made.body);
    say(`A secret for ${id}:`, ...facts([['id', made.body.id], ...secretFacts(made.body)]));
    say(`When nothing uses the other one any more: npx assent secrets remove ${id} <id>`);
  },
};

export const secretsList = {
  about: 'lists the secrets of a service: their ids and ends, never what they are',
  positions: ['client_id'],
  run: async ({ options, positions: { client_id: id }, connection }) => {
    const { body } = await openApi(connection).call('GET', pathOf(id));
    const { assent_secrets: secrets = [], assent_warnings: warnings = [] } = body;
    if (options.json) return sayJson({ secrets, warnings });
    if (secrets.length === 0) return say(`${id} has no secret.`);
    const rows = secrets.map((one) => [one.id, instant(one.created_at), instant(one.expires_at)]);
    say(...table([['id', 'made', 'good until'], ...rows]), ...warnings);
  },
};

export const secretsRemove = {
  about: 'removes a secret; whatever still uses it is refused from now on',
  positions: ['client_id', 'secret_id'],
  run: async ({ options, positions: { client_id: id, secret_id: secret }, connection }) => {
    await openApi(connection).call('DELETE', `${pathOf(id)}/secrets/${encodeURIComponent(secret)}`);
    if (options.json) return sayJson({ removed: secret });
    say(`${id} has the secret ${secret} no more.`);
  },
};
