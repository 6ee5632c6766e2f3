/** Requests: never without a time-out, never to where an answer points. */
import { Failure } from './failure.mjs';

/** A response; its body is read within the same time. Throws `Failure` when there is none. */
export const send = async (url, { timeoutMilliseconds, ...options }) => {
  try {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const response = await fetch(url, { redirect: 'manual', signal, ...options });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  } catch (error) {
    throw new Failure(
      'unreachable',
      `${new URL(url).origin} ${causeOf(error)}`,
      'Is the address right, and the network there?',
    );
  }
};

const causeOf = (error) => {
  if (error.name === 'TimeoutError') return 'did not answer in time (--timeout).';
  return `could not be reached: ${error.cause?.code ?? error.cause?.message ?? error.message}.`;
};

/** The JSON of a text; undefined for what is none. */
export const jsonIn = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The JSON object at an address that needs no token. Throws `Failure`. */
export const readJson = async (url, { timeoutMilliseconds }) => {
  const { status, text } = await send(url, { timeoutMilliseconds });
  const value = status === 200 ? jsonIn(text) : undefined;
  if (typeof value !== 'object' || value === null)
    throw new Failure(
      'unreachable',
      `${url} answered ${status} and no JSON.`,
      'Is that the origin of a deployment of Assent?',
    );
  return value;
};
