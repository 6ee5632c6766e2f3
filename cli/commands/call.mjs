/** `call`: any operation of the admin API, as the deployment's own document describes it. */
import { openApi } from '../lib/api.mjs';
import { Failure } from '../lib/failure.mjs';
import { readObject } from '../lib/files.mjs';
import { readJson } from '../lib/http.mjs';
import { say, sayJson, table } from '../lib/output.mjs';

const prefix = '/api/admin/';

const operationsIn = ({ paths }) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );

const parametersIn = (words) =>
  Object.fromEntries(
    words.map((word) => {
      const [, name, value] = /^([\w-]+)=(.*)$/s.exec(word) ?? [];
      if (name === undefined) throw new Failure('usage', `"${word}" is not of the form name=value.`);
      return [name, value];
    }),
  );

/** Path and headers of a call with these values. Throws `Failure` for a value that the operation does not take, or lacks. */
const addressed = (operation, given) => {
  const { parameters } = operation;
  const known = parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Failure(
      'usage',
      `${operation.operationId} takes no ${unknown}.`,
      `It takes: ${known.join(', ') || 'nothing'}.`,
    );
  const missing = parameters.find(
    ({ name, required, in: place }) => required && place !== 'header' && given[name] === undefined,
  );
  if (missing !== undefined) throw new Failure('usage', `${missing.name} is missing: ${missing.name}=…`);
  const at = (place) => parameters.filter((one) => one.in === place && given[one.name] !== undefined);
  const path = operation.path
    .slice(prefix.length)
    .replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(given[name]));
  const query = new URLSearchParams(at('query').map(({ name }) => [name, given[name]]));
  const headers = Object.fromEntries(at('header').map(({ name }) => [name, given[name]]));
  return { path: query.size === 0 ? path : `${path}?${query}`, headers };
};

const isCreating = ({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key');

/** What a change must name is read first, unless it was given. */
const versionFor = async (api, { operation, all, path, headers }) => {
  if (!operation.parameters.some(({ name }) => name === 'If-Match') || headers['If-Match'] !== undefined)
    return headers;
  const reading = all.find((one) => one.path === operation.path && one.method === 'GET');
  const etag = reading === undefined ? undefined : (await api.call('GET', path)).headers.get('etag');
  return { ...headers, 'If-Match': etag ?? '*' };
};

export const call = {
  about: 'calls any operation of the admin API; without a name, lists them',
  positions: ['operation?', 'values…'],
  options: { file: { type: 'string', value: 'file', about: 'the body as JSON, - for the standard input' } },
  run: async ({ options, positions, connection }) => {
    const all = operationsIn(await readJson(`${connection.issuer}/api/openapi.json`, connection));
    if (positions.operation === undefined)
      return say(...table(all.map((one) => [one.operationId, one['x-assent-role'], one.summary])));
    const operation = all.find(({ operationId }) => operationId === positions.operation);
    if (operation === undefined)
      throw new Failure('usage', `There is no operation ${positions.operation}.`, '"npx assent call" lists them.');
    const { path, headers } = addressed(operation, parametersIn(positions.values));
    const api = openApi(connection);
    const answer = await api.call(operation.method, path, {
      headers: await versionFor(api, { operation, all, path, headers }),
      creates: isCreating(operation),
      ...(options.file === undefined ? {} : { body: readObject(options.file) }),
    });
    if (answer.body !== undefined) sayJson(answer.body);
    else if (answer.text !== '') say(answer.text.trimEnd());
    else say('Done.');
  },
};
