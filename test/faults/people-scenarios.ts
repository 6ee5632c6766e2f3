/** What people's browsers send, each as a scenario for faults of the storage. */
import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { findUser } from '../../local/provider/users.ts';
import { userKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { formsIn, untouched } from '../support/forms.ts';
import { personAt } from '../support/people.ts';
import { approvalForm, type Person } from '../support/person.ts';
import { type Code, okJson, type TokenSet } from '../support/service.ts';
import type { Attempt, Scenario } from './cases.ts';
import { type Lane, sessionCookie } from './lanes.ts';

const locationOf = ({ headers }: Answer): string => headers.get('location') ?? '';

const post = (person: Person, url: string, body: URLSearchParams): Promise<Response> =>
  person.send(url, {
    method: 'POST',
    body,
    headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' },
  });

/** The form of a page that posts to `path`, as the browser would send it untouched. */
const formOn = async (person: Person, url: string, path: string): Promise<URLSearchParams> => {
  const page = await person.visit(url);
  const form = page.kind === 'page' ? formsIn(page.html).find(({ action }) => action.startsWith(path)) : undefined;
  if (form === undefined) throw new Error(`${url} has no form for ${path}`);
  return untouched(form);
};

const redeems = async ({ service }: Lane, code: Code): Promise<string | undefined> => {
  const tokens = await answerOf(service.redeem(code));
  if (tokens.status !== 200) return `the code cannot be redeemed: ${tokens.status} ${tokens.text}`;
  const next = await answerOf(service.refresh(String(tokens.body.refresh_token)));
  return next.status === 200 ? undefined : `the refresh token was refused: ${next.text}`;
};

const silentAuthorization: Scenario = {
  name: 'a silent authorization',
  operations: 3,
  audience: 'people',
  prepare: async (lane) => {
    const { url, verifier } = lane.service.authorization({ prompt: 'none' });
    const codeIn = (answer: Answer) => new URL(locationOf(answer), url).searchParams.get('code');
    return {
      send: () => lane.person.send(url),
      problem: (answer) =>
        answer.status === 303 && codeIn(answer) !== null
          ? undefined
          : `no code: ${answer.status} ${locationOf(answer)}`,
      afterwards: (answer) => redeems(lane, { code: codeIn(answer) ?? '', verifier }),
    };
  },
};

const approval: Scenario = {
  name: 'an approval',
  operations: 2,
  isByCopy: true,
  audience: 'people',
  prepare: async (lane) => {
    const { person, stack } = lane;
    const { url, verifier } = lane.service.authorization({ prompt: 'consent' });
    const page = await person.visit(url);
    const form = page.kind === 'page' ? approvalForm(page) : undefined;
    if (form === undefined) throw new Error('there is no approval page');
    const body = untouched(form);
    body.set('decision', 'approve');
    return {
      send: () => post(person, `${stack.issuer}/consent`, body),
      // A page whose first answer had to be made impossible is shown once more.
      problem: (answer) =>
        answer.status === 303 && /^\/authorize\?|[?&]code=/.test(locationOf(answer))
          ? undefined
          : `${answer.status} ${locationOf(answer)}`,
      afterwards: async (answer) => {
        const location = new URL(locationOf(answer), stack.issuer);
        const end = location.origin === stack.issuer ? await person.authorize(location) : location;
        return redeems(lane, { code: end.searchParams.get('code') ?? '', verifier });
      },
    };
  },
};

const refusal: Scenario = {
  name: 'a refusal',
  operations: 2,
  audience: 'people',
  prepare: async ({ person, service, stack }) => {
    const page = await person.visit(service.authorization({ prompt: 'consent' }).url);
    const form = page.kind === 'page' ? approvalForm(page) : undefined;
    if (form === undefined) throw new Error('there is no approval page');
    const body = untouched(form);
    body.set('decision', 'deny');
    return {
      // The line of the history, which the answer does not depend on, names the client and no grant.
      marks: [service.registration.clientId],
      send: () => post(person, `${stack.issuer}/consent`, body),
      problem: (answer) =>
        locationOf(answer).includes('error=access_denied') ? undefined : `${answer.status} ${locationOf(answer)}`,
      afterwards: async () => undefined,
    };
  },
};

const revocationByPerson: Scenario = {
  name: 'a revocation by the person',
  operations: 3,
  audience: 'people',
  prepare: async (lane) => {
    const { person, service, stack } = lane;
    const tokens: TokenSet = await service.tokens(person);
    const all = await formOn(person, `${stack.issuer}/authorizations`, '/authorizations/revoke');
    const authorization = clientKeyIn(tokens.refresh_token);
    const body = new URLSearchParams({ token: all.get('token') ?? '', authorization });
    return {
      send: () => post(person, `${stack.issuer}/authorizations/revoke`, body),
      problem: ({ status }) => (status === 303 ? undefined : `${status}`),
      afterwards: async () => {
        if ((await answerOf(service.introspect({ token: tokens.access_token }))).body.active !== false)
          return 'the access token is alive';
        const refreshed = await answerOf(service.refresh(tokens.refresh_token));
        if (refreshed.status !== 400) return `the refresh token was not refused: ${refreshed.status}`;
        const silent = await person.send(service.authorization({ prompt: 'none' }).url);
        const error = new URL(silent.headers.get('location') ?? '').searchParams.get('error');
        if (error !== 'consent_required') return `a silent authorization got ${error}`;
        // The lane goes on with this client.
        await service.code(person);
        return undefined;
      },
    };
  },
};

/** Ticks what the person removed the time before, which the page leaves to them. */
const tokensFor = async ({ person, service }: Lane, permissions: readonly string[]): Promise<TokenSet> => {
  const { url, verifier } = service.authorization({ scope: permissions.join(' '), prompt: 'consent' });
  const end = await person.authorize(url, { decision: 'approve', permissions });
  return okJson(service.redeem({ code: end.searchParams.get('code') ?? '', verifier }));
};

const narrowing: Scenario = {
  name: 'a permission that the person removes',
  operations: 6,
  audience: 'people',
  prepare: async (lane) => {
    const { person, service, stack } = lane;
    const tokens = await tokensFor(lane, ['vso.work', 'vso.code']);
    const all = await formOn(person, `${stack.issuer}/authorizations`, '/authorizations/revoke');
    const [resource] = JSON.parse(stack.settings.RESOURCES ?? '[]') as readonly { readonly identifier: string }[];
    const body = new URLSearchParams({
      token: all.get('token') ?? '',
      authorization: clientKeyIn(tokens.refresh_token),
      permission: `${resource?.identifier} vso.code`,
    });
    return {
      send: () => post(person, `${stack.issuer}/authorizations/narrow`, body),
      problem: ({ status }) => (status === 303 ? undefined : `${status}`),
      afterwards: async () => {
        const { active, scope } = (await answerOf(service.introspect({ token: tokens.access_token }))).body;
        if (active !== true || scope !== 'vso.work') return `introspection says ${active} ${scope}`;
        const refreshed = await answerOf(service.refresh(tokens.refresh_token));
        if (refreshed.body.scope !== 'vso.work') return `a refresh gives ${refreshed.text}`;
        // The lane goes on with all that this client had.
        await tokensFor(lane, ['vso.work', 'vso.code']);
        return undefined;
      },
    };
  },
};

/** Bytes 32 to 48 of a refresh token name the client. */
const clientKeyIn = (refreshToken: string): string =>
  Buffer.from(refreshToken.replace('assent_rt_', ''), 'base64url').subarray(32, 48).toString('hex');

const signOut: Scenario = {
  name: 'a sign-out',
  operations: 1,
  audience: 'people',
  prepare: async ({ person, stack }) => {
    const body = await formOn(person, `${stack.issuer}/sign-out`, '/sign-out');
    const cookie = `assent-session=${sessionCookie(person)}`;
    return {
      send: () => post(person, `${stack.issuer}/sign-out`, body),
      problem: ({ status }) => (status === 200 ? undefined : `${status}`),
      afterwards: async () => {
        const { status, headers } = await person.send(`${stack.issuer}/authorizations`, { headers: { cookie } });
        const isSignedOut = status === 303 && headers.get('location')?.startsWith(stack.provider.issuer) === true;
        return isSignedOut ? undefined : 'the session is alive';
      },
    };
  },
};

/** How the browser is called in rows, by the last of the three parts of its cookie. */
const browserMark = (person: Person): string =>
  createHash('sha256')
    .update(Buffer.from(sessionCookie(person) ?? '', 'base64url').subarray(64))
    .digest('base64url');

const toldSignOut: Scenario = {
  ...signOut,
  name: 'a sign-out that a service must hear of',
  // The attempt that finds it, the clients, the timer's row, the end; and of the service its connections, their end, its row.
  operations: 7,
  prepare: async (lane) => {
    await lane.service.tokens(lane.person, { scope: 'openid' });
    return { ...(await signOut.prepare(lane)), marks: [browserMark(lane.person)] };
  },
};

const signIn: Scenario = {
  name: 'a sign-in',
  operations: 1,
  audience: 'people',
  prepare: async (lane) => {
    const { issuer } = lane.stack;
    const person = personAt(lane.stack);
    const callback = await signInCallback(person, lane);
    return {
      marks: [requestDigestIn(person)],
      send: () => person.send(callback),
      problem: ({ status }) => (status === 303 ? undefined : `${status}`),
      // The provider's code is spent: the person begins again.
      again: async () => person.send(await signInCallback(person, lane)),
      afterwards: async () => {
        const { status } = await person.send(`${issuer}/authorizations`);
        return status === 200 ? undefined : 'the person is not signed in';
      },
    } satisfies Attempt;
  },
};

/** Goes to the provider, signs in there, and stops before the way back. */
const signInCallback = async (person: Person, { service, stack }: Lane): Promise<URL> => {
  let url = new URL(service.authorization().url);
  for (let hop = 0; hop < 10; hop++) {
    let response = await person.send(url);
    if (response.status === 200) {
      const [form] = formsIn(await response.text());
      const body = new URLSearchParams({ login: person.login, password: 'any' });
      response = await person.send(new URL(form?.action ?? '', url), { method: 'POST', body });
    }
    url = new URL(response.headers.get('location') ?? '', url);
    if (url.origin === stack.issuer) return url;
  }
  throw new Error('the provider does not send the browser back');
};

/** The session's row carries the digest of the request that the person signs in for. */
const requestDigestIn = (person: Person): string => {
  const [, value = ''] =
    [...(person.cookies.get('localhost') ?? [])].find(([name]) => name.startsWith('assent-signin-')) ?? [];
  return JSON.parse(inflateRawSync(Buffer.from(value, 'base64url')).toString()).destination.digest;
};

export const peopleScenarios: readonly Scenario[] = [
  silentAuthorization,
  approval,
  refusal,
  revocationByPerson,
  narrowing,
  signOut,
  toldSignOut,
  signIn,
];

let reader: { readonly stack: Lane['stack']; readonly person: Person } | undefined;

/** Somebody else than the lanes' person, because this request names no client. One case at a time, therefore. */
export const list: Scenario = {
  name: 'the list of authorizations',
  operations: 2,
  audience: 'people',
  faults: [{ kind: 'reset-before' }, { kind: 'status-500-after-commit' }, { kind: 'hang' }, { kind: 'throttle' }],
  prepare: async ({ service, stack }) => {
    const { issuer, provider } = stack;
    if (reader?.stack !== stack) reader = { stack, person: personAt(stack, 'olga') };
    const { person } = reader;
    await service.code(person);
    const objectId = findUser('olga')?.objectId ?? '';
    return {
      marks: [userKeyOf(provider.issuer, objectId).toString('hex')],
      send: () => person.send(`${issuer}/authorizations`),
      problem: ({ status }) => (status === 200 ? undefined : `${status}`),
      afterwards: async ({ text }) => (text.includes('Fabrikam Reports') ? undefined : 'the service is not listed'),
    };
  },
};
