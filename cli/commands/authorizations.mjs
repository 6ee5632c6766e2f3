/** What people authorized: listed, and ended. */
import { openApi } from '../lib/api.mjs';
import { Failure } from '../lib/failure.mjs';
import { wholeNumber } from '../lib/files.mjs';
import { instant, say, sayJson, table, warn } from '../lib/output.mjs';
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

const ruleOf = async (options, api) => {
  const { client, person, before, permission } = options;
  const rule = {
    ...(client === undefined ? {} : { client_id: client }),
    ...(person === undefined ? {} : { person: await pseudonymOf(person, api) }),
    ...(before === undefined ? {} : { created_before: secondsIn(before) }),
    ...(permission === undefined ? {} : { permission: permissionIn(permission) }),
  };
  if (Object.keys(rule).length > 0) return rule;
  throw new Failure(
    'usage',
    'What? The id of an authorization, or --client, --person, --before, --permission.',
    'To void everything of everyone: npx assent call voidIssued',
  );
};

const secondsIn = (text) => {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new Failure('usage', '--before takes a day or an instant, as in 2026-11-21.');
  return Math.floor(milliseconds / 1000);
};

const permissionIn = (text) => {
  const [resource, scope, ...more] = text.split(' ');
  if (scope === undefined || more.length > 0)
    throw new Failure('usage', '--permission takes a resource, a space and a scope.');
  return { resource, scope };
};

const endOne = async (id, options, api) => {
  const path = `authorizations/${encodeURIComponent(id)}`;
  const { headers } = await api.call('GET', path);
  await api.call('DELETE', path, { headers: { 'if-match': headers.get('etag') ?? '*' } });
  if (options.json) return sayJson({ ended: id });
  say('Ended, with all of its sessions.');
};

const foretell = ({ count, complete, sample }, { json }) => {
  if (json) return;
  if (count === 0 && complete) return say('No authorization would end.');
  say(`${complete ? count : `${count} or more`} authorizations would end, such as:`);
  say(...table(sample.map((one) => ['', one.account ?? one.name ?? '', one.client_name, instant(one.granted_at)])));
  say('Nothing has been ended. --yes does it.');
};

const pollMilliseconds = 500;

/** Shows how far it has come until it is over. */
const follow = async (id, options, api) => {
  for (;;) {
    const { body } = await api.call('GET', `endings/${id}`);
    if (body.state !== 'running') {
      if (options.json) return sayJson(body);
      return say(
        `${body.state === 'done' ? 'Done' : 'Stopped'}: ${body.ended} of ${body.examined} that were looked at were ended.`,
      );
    }
    warn(`${body.examined} looked at, ${body.ended} ended …`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
};

export const revoke = {
  about: 'ends an authorization by its id, or all that the options name; without --yes it says what would end',
  positions: ['authorization?'],
  options: {
    ...clientOption,
    ...personOption,
    before: { type: 'string', value: 'when', about: 'decided before that day or instant' },
    permission: { type: 'string', value: 'permission', about: 'that hold it: a resource, a space and a scope' },
    yes: { type: 'boolean', about: 'ends them, and shows how far it has come; whoever stops looking stops nothing' },
    follow: { type: 'string', value: 'id', about: 'shows how far such an order has come' },
    stop: { type: 'string', value: 'id', about: 'stops one; what has ended stays so' },
  },
  run: async ({ options, positions, connection }) => {
    const api = openApi(connection);
    if (options.stop !== undefined) await api.call('POST', `endings/${encodeURIComponent(options.stop)}/stop`);
    const known = options.stop ?? options.follow;
    if (known !== undefined) return follow(encodeURIComponent(known), options, api);
    if (positions.authorization !== undefined) return endOne(positions.authorization, options, api);
    const rule = await ruleOf(options, api);
    if (options.yes !== true) {
      const { body } = await api.call('POST', 'endings/preview', { body: rule });
      return options.json ? sayJson(body) : foretell(body, options);
    }
    const { body } = await api.call('POST', 'endings', { body: rule, creates: true });
    warn(`Ordered as ${body.id}.`);
    return follow(body.id, options, api);
  },
};
