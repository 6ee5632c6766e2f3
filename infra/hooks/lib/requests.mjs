/** HTTP for the smoke test: never follows a redirect, never waits for ever. */

const timeoutMilliseconds = 20_000;

export const send = (url, options = {}) =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMilliseconds), ...options });

export const postForm = (url, fields, headers = {}) =>
  send(url, { method: 'POST', body: new URLSearchParams(fields), headers });

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
export const basic = (clientId, secret) => {
  const encode = (text) => new URLSearchParams({ x: text }).toString().slice(2);
  return { authorization: `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString('base64')}` };
};

/** Throws with the message unless the condition holds. */
export const expect = (condition, message) => {
  if (!condition) throw new Error(message);
};

/** Whether an answer of /readyz says that everything is there but an application to sign in through. */
export const lacksSignInAlone = (text) => {
  try {
    const { 'sign-in': signIn, ...others } = JSON.parse(text).dependencies;
    return signIn === 'not configured' && Object.values(others).every((state) => state === 'ready');
  } catch {
    return false;
  }
};
