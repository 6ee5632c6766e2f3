/** Access tokens for the admin API: a client's own, or one that the Azure CLI gets for whoever is signed in to it. */
import { readFileSync } from 'node:fs';
import { az } from './azure.mjs';
import { clientAssertion } from './client-assertion.mjs';
import { Failure } from './failure.mjs';
import { jsonIn, readJson, send } from './http.mjs';

/** Throws `Failure`. */
export const accessToken = (connection) =>
  connection.environment.ASSENT_CLIENT_ID ? clientToken(connection) : personToken(connection);

const personToken = async (connection) => {
  const { components } = await readJson(`${connection.issuer}/api/openapi.json`, connection);
  const scope = components?.securitySchemes?.person?.['x-assent-scope'];
  if (typeof scope !== 'string' || !/^api:\/\/[\w-]+\/[\w.]+$/.test(scope))
    throw new Failure('signIn', 'This deployment takes no tokens of people.', 'Set ASSENT_CLIENT_ID and a credential.');
  const { accessToken: token } =
    (await az(['account', 'get-access-token', '--scope', scope], connection.environment)) ?? {};
  if (typeof token !== 'string') throw new Failure('signIn', 'The Azure CLI gave no token.', 'Run "az login".');
  return token;
};

/** By a secret or by a key, at the token endpoint; for the admin API alone, whatever else the client may ask for. */
const clientToken = async (connection) => {
  const { issuer, timeoutMilliseconds } = connection;
  const { headers, fields } = proofOf(connection);
  const body = new URLSearchParams({ grant_type: 'client_credentials', resource: `${issuer}/api/admin`, ...fields });
  const answer = await send(`${issuer}/token`, { method: 'POST', headers, body, timeoutMilliseconds });
  const { access_token: token, error, error_description: description } = jsonIn(answer.text) ?? {};
  if (answer.status === 200 && typeof token === 'string') return token;
  if (answer.status === 429 || answer.status >= 500)
    throw new Failure(
      'unreachable',
      `${issuer}/token answered ${answer.status} ${error ?? ''}.`,
      'Try again in a moment.',
    );
  throw new Failure(
    'denied',
    `${issuer}/token refused the client: ${error} (${description}).`,
    remedies[error] ?? remedies.other,
  );
};

const remedies = {
  invalid_client:
    'Is the credential right, and has it not expired? An operator can add another: "npx assent secrets add".',
  other: 'The client needs the scope assent.admin, or assent.audit to read alone, and the mark of an operator.',
};

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
const encoded = (text) => new URLSearchParams({ x: text }).toString().slice(2);

const proofOf = ({ issuer, environment }) => {
  const { ASSENT_CLIENT_ID: id, ASSENT_CLIENT_SECRET: secret, ASSENT_CLIENT_KEY_FILE: file } = environment;
  if (file) {
    const assertion = clientAssertion({ clientId: id, audience: issuer, text: readKey(file) });
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    return { headers: {}, fields: { client_id: id, client_assertion_type: type, client_assertion: assertion } };
  }
  if (!secret)
    throw new Failure('usage', 'ASSENT_CLIENT_ID is set: ASSENT_CLIENT_SECRET or ASSENT_CLIENT_KEY_FILE must be, too.');
  const basic = Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64');
  return { headers: { authorization: `Basic ${basic}` }, fields: {} };
};

const readKey = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('usage', `ASSENT_CLIENT_KEY_FILE cannot be read: ${error.code}.`);
  }
};
