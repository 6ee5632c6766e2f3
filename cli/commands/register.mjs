/** `register`: a service, by the names of RFC 7591. */
import { openApi } from '../lib/api.mjs';
import { readObject } from '../lib/files.mjs';
import { facts, say, sayJson } from '../lib/output.mjs';
import { secretFacts } from './secrets.mjs';

const many = (value, about) => ({ type: 'string', multiple: true, value, about });
const one = (value, about) => ({ type: 'string', value, about });

/** Option -> member of the registration. */
const members = {
  name: 'client_name',
  'redirect-uri': 'redirect_uris',
  'grant-type': 'grant_types',
  'auth-method': 'token_endpoint_auth_method',
  'jwks-uri': 'jwks_uri',
};

const metadataIn = ({ file, scope, operator, ...options }) => ({
  ...(file === undefined ? {} : readObject(file)),
  ...Object.fromEntries(
    Object.entries(members).flatMap(([option, member]) =>
      options[option] === undefined ? [] : [[member, options[option]]],
    ),
  ),
  ...(scope === undefined ? {} : { scope: scope.join(' ') }),
  ...(operator === true ? { assent_operator: true } : {}),
});

export const register = {
  about: 'registers a service, and prints its secret once',
  options: {
    name: one('text', 'what people read'),
    'redirect-uri': many('uri', 'where codes go'),
    scope: many('scope', 'what it may ask for'),
    'grant-type': many('type', 'such as client_credentials'),
    'auth-method': one('method', 'such as private_key_jwt, or none for a program on people’s devices'),
    'jwks-uri': one('uri', 'where its keys are'),
    operator: { type: 'boolean', about: 'it may administer, with the scope assent.admin or assent.audit' },
    file: one('file', 'all members as JSON, - for the standard input; options count more'),
  },
  run: async ({ options, connection }) => {
    const api = openApi(connection);
    const { body } = await api.call('POST', 'apps', { body: metadataIn(options), creates: true });
    if (options.json) return sayJson(body);
    say(`Registered ${body.client_name}.`, ...facts([['client_id', body.client_id], ...secretFacts(body)]));
  },
};
