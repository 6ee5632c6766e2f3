/** The admin API: a call, its problems in words, and lists page by page. */
import { randomUUID } from 'node:crypto';
import { Failure } from './failure.mjs';
import { jsonIn, send } from './http.mjs';
import { accessToken } from './sign-in.mjs';

const attempts = 3;
const longestPauseSeconds = 10;

/** `call(method, path, …)` with one token for all calls of a command. */
export const openApi = (connection) => {
  let token;
  const call = async (method, path, { body, headers = {}, creates = false } = {}) => {
    token ??= accessToken(connection);
    const request = {
      method,
      headers: {
        authorization: `Bearer ${await token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        // The same at each attempt, so that a lost answer makes nothing twice.
        ...(creates ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMilliseconds: connection.timeoutMilliseconds,
    };
    return answered(await patiently(`${connection.issuer}/api/admin/${path}`, request, creates));
  };
  return { call, pages: (path, name, limit) => pages(call, { path, name, limit }) };
};

/** Reading, and creating under a key, may be repeated while the server says that it is only for a moment. */
const patiently = async (url, request, creates) => {
  const mayRepeat = creates || request.method === 'GET';
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(url, request).catch((error) => ({ error }));
    const isPassing = answer.error !== undefined || answer.status === 429 || answer.status === 503;
    if (!isPassing || !mayRepeat || attempt === attempts) {
      if (answer.error !== undefined) throw answer.error;
      return answer;
    }
    await pause(Number(answer.headers?.get('retry-after') ?? 1));
  }
};

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, Math.min(seconds, longestPauseSeconds) * 1000));

const answered = ({ status, headers, text }) => {
  if (status >= 200 && status < 300) return { status, headers, text, body: jsonIn(text) };
  const problem = jsonIn(text) ?? {};
  const id = problem.correlation_id === undefined ? '' : ` Operators find it in the log as ${problem.correlation_id}.`;
  const message = `${problem.title ?? `The server answered ${status}`}: ${problem.detail ?? 'no more is known'}.${id}`;
  throw new Failure(kindOf(status), message, remedyOf(status));
};

const kindOf = (status) => {
  if (status === 401 || status === 403) return 'denied';
  return status === 429 || status >= 500 ? 'unreachable' : 'refused';
};

const remedies = {
  401: 'Sign in anew ("az login", as a person: programs have a client of their own), or see whether the client still is an operator’s. After an incident, older tokens are void.',
  403: 'This takes the role Assent.Operator, or Assent.Auditor to read: an administrator of the directory gives it.',
  404: '"npx assent list clients" shows what there is.',
  412: 'Somebody else changed it meanwhile. Look at what it is now, and do it again.',
  429: 'Wait a moment, and do it again.',
};

const remedyOf = (status) =>
  remedies[status] ?? (status >= 500 ? '"npx assent doctor" looks for the reason.' : undefined);

/** The entries of a list, `limit` at most. */
async function* pages(call, { path, name, limit = Number.POSITIVE_INFINITY }) {
  let left = limit;
  let after;
  do {
    const query = new URLSearchParams(after === undefined ? {} : { after });
    const { body } = await call('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
    for (const entry of body[name].slice(0, left)) yield entry;
    left -= body[name].length;
    after = body.next;
  } while (after !== undefined && left > 0);
}
