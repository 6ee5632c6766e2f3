/** The deployment that a command is for, and how long it may take to answer. */
import { Failure } from './failure.mjs';

const usualSeconds = 20;

const isLoopback = ({ hostname }) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** Issuer, time-out, environment. The issuer is checked when it is first needed: some commands need none. */
export const connection = ({ issuer, timeout = String(usualSeconds) }, environment) => {
  const seconds = Number(timeout);
  if (!(seconds > 0 && seconds <= 600)) throw new Failure('usage', '--timeout takes seconds, up to 600.');
  return {
    get issuer() {
      return originOf(issuer ?? environment.ASSENT_ISSUER);
    },
    timeoutMilliseconds: seconds * 1000,
    environment,
  };
};

/** Tokens and secrets travel there: https, or this machine. */
const originOf = (text) => {
  if (text === undefined || text === '')
    throw new Failure(
      'usage',
      'Which deployment? Name it with --issuer, or in ASSENT_ISSUER.',
      'As in --issuer https://id.example.com',
    );
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Failure('usage', `"${text}" is no address.`, 'As in --issuer https://id.example.com');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    throw new Failure('usage', `${text} is not https: a token sent there could be read on the way.`);
  if (url.pathname !== '/' || url.search !== '' || url.username !== '')
    throw new Failure('usage', `The issuer is an origin alone: ${url.origin}`);
  return url.origin;
};
