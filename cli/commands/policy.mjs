/** `policy`: what operators rule, for the deployment or for one service. A change names the version that it was made from. */
import { openApi } from '../lib/api.mjs';
import { Failure } from '../lib/failure.mjs';
import { readObject } from '../lib/files.mjs';
import { jsonIn } from '../lib/http.mjs';
import { say, sayJson } from '../lib/output.mjs';
import { namedPerson, personOption } from '../lib/people.mjs';

const text = (value, about) => ({ type: 'string', value, about });

const service = { service: text('client_id', 'the rule of this service, in place of the deployment’s') };
const changeOptions = { ...service, file: text('file', 'the whole of it as JSON, - for the standard input') };

const placeOf = ({ service: id }) =>
  id === undefined ? { path: 'policy' } : { path: 'policy/service', query: `?client_id=${encodeURIComponent(id)}`, id };

export const policyShow = {
  about: 'shows what operators rule',
  options: service,
  run: async ({ options, connection }) => {
    const { path, query = '' } = placeOf(options);
    sayJson((await openApi(connection).call('GET', `${path}${query}`)).body);
  },
};

/** `name=value` words over what there is: JSON where it is some, else a text; nothing after the sign takes the member away. */
const changed = (before, words) => {
  const next = structuredClone(before);
  for (const word of words) {
    const [, path, value] = /^([\w.]+)=(.*)$/s.exec(word) ?? [];
    if (path === undefined)
      throw new Failure('usage', `"${word}" is not of the form name=value.`, 'As in third_party_access=off');
    const names = path.split('.');
    const last = names.pop();
    let place = next;
    for (const name of names) {
      place[name] ??= {};
      place = place[name];
    }
    if (value === '') delete place[last];
    else place[last] = jsonIn(value) ?? value;
  }
  return next;
};

/** What it is, its version, and what it would be. */
const wanted = async (api, { options, positions }) => {
  const { path, query = '', id } = placeOf(options);
  const { body, headers } = await api.call('GET', `${path}${query}`);
  const { client_id: _, ...before } = body;
  const base = options.file === undefined ? before : readObject(options.file);
  if (options.file === undefined && positions.changes.length === 0)
    throw new Failure('usage', 'What is to change? name=value, or --file.');
  return { path, query, id, etag: headers.get('etag'), next: changed(base, positions.changes) };
};

const effectsOf = async (api, { path, id, next }) =>
  (await api.call('POST', `${path}/preview`, { body: id === undefined ? next : { client_id: id, ...next } })).body
    .effects;

const lines = (effects) =>
  effects.length === 0
    ? ['Nothing changes.']
    : effects.flatMap(({ rule, who, what, counts }) => [`  ${rule}: ${who}: ${what}`, ...countLines(counts)]);

const countLines = (counts) =>
  counts === undefined
    ? []
    : [
        ...counts.services.map(
          ({ service, people, more }) => `    ${service}: ${more ? 'more than ' : ''}${people} people`,
        ),
        ...(counts.complete ? [] : ['    There are more services than were counted.']),
      ];

export const policyPreview = {
  about: 'says what a change would do, and to whom; changes nothing',
  positions: ['changes…'],
  options: changeOptions,
  run: async ({ options, positions, connection }) => {
    const api = openApi(connection);
    const effects = await effectsOf(api, await wanted(api, { options, positions }));
    if (options.json) return sayJson(effects);
    say(...lines(effects));
  },
};

export const policySet = {
  about: 'changes what operators rule, and says what that does; every instance goes by it within 15 seconds',
  positions: ['changes…'],
  options: changeOptions,
  run: async ({ options, positions, connection }) => {
    const api = openApi(connection);
    const change = await wanted(api, { options, positions });
    const effects = await effectsOf(api, change);
    const headers = { 'if-match': change.etag };
    const { body } = await api.call('PUT', `${change.path}${change.query}`, { body: change.next, headers });
    if (options.json) return sayJson(body);
    say('Changed.', ...lines(effects));
  },
};

const required = (options, name) => {
  if (options[name] === undefined) throw new Failure('usage', `--${name} is missing.`);
  return options[name];
};

export const policyTry = {
  about: 'says what would happen to a person at a service, rule by rule',
  options: {
    ...personOption,
    service: text('client_id', 'the service'),
    scope: text('scopes', 'what it would ask for; all that it may when left out'),
    resource: { type: 'string', multiple: true, value: 'uri', about: 'where it would ask for it' },
    file: text('file', 'rules to try before they are saved, as JSON'),
  },
  run: async ({ options, connection }) => {
    const asked = {
      ...namedPerson(required(options, 'person')),
      client_id: required(options, 'service'),
      ...(options.scope === undefined ? {} : { scope: options.scope }),
      ...(options.resource === undefined ? {} : { resource: options.resource }),
      ...(options.file === undefined ? {} : { policy: readObject(options.file) }),
    };
    const { body } = await openApi(connection).call('POST', 'policy/try', { body: asked });
    if (options.json) return sayJson(body);
    const known = body.person_known ? [] : ['  Nobody with that id has ever signed in.'];
    say(`${body.service}, if it asked now: ${body.asking.outcome}`, ...known, ...verdictLines(body.asking));
    for (const one of body.holding)
      say(`The authorization session ${one.session}: ${one.outcome}`, ...verdictLines(one));
  },
};

const verdictLines = ({ verdicts }) =>
  verdicts.map(({ rule, outcome, because }) => `  ${rule}: ${outcome}, because ${because}`);
