/** Where races are run: two hosts over one storage, without the limits that would slow a race down, and cheap codes. */
import { setTimeout as pause } from 'node:timers/promises';
import { clientKeyOf } from '../../src/oauth/tokens/locator.ts';
import { type Answer, answerOf } from '../support/answer.ts';
import { formsIn, untouched } from '../support/forms.ts';
import { personAt } from '../support/people.ts';
import { approvalForm, createPerson, type Page, type Person } from '../support/person.ts';
import { type Code, createService, demoServices, isActive, register, type Service } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';

const rounds = Number(process.env.RACE_ROUNDS ?? (process.env.CI === 'true' ? 20 : 6));

/** A test of `rounds` rounds may take this long. */
export const patienceMilliseconds = 60_000 + rounds * 6_000;

/** Families of one client and person live at once; codes of one client are minted up to here. */
const codesPerClient = 40;

export type Minted = Code & { readonly service: Service };
export type Tokens = { readonly accessToken: string; readonly refreshToken: string };

export type Arena = {
  readonly stack: Stack;
  readonly person: Person;
  /** The resource server, asking the first host. */
  readonly api: Service;
  /** A client of its own, which nobody has authorized. */
  newClient(): Promise<Service>;
  /** A code that the person's remembered consent gives in one request. */
  mint(): Promise<Minted>;
  /** A family of its own with its first tokens. */
  family(): Promise<Tokens & { readonly service: Service }>;
  /** The same person's browser, at another host. */
  personAt(origin: string): Person;
  stop(): Promise<void>;
};

const unhurried = {
  SOURCE_REQUESTS_PER_SECOND: '100000',
  CLIENT_TOKENS_PER_SECOND: '100000',
  CLIENT_SHARE_PER_SECOND: '100000',
  AUTHORIZATION_TOKENS_PER_SECOND: '100000',
  REFRESH_GRACE_USES: '60',
};

export const startArena = async (): Promise<Arena> => {
  const stack = await startStack({ hosts: 2, settings: unhurried });
  const { issuer, provider } = stack;
  const person = personAt(stack);
  await person.visit(`${issuer}/authorizations`);
  let minting: { service: Service; left: number } | undefined;
  const arena: Arena = {
    stack,
    person,
    api: demoServices(issuer).api,
    newClient: () => register(issuer),
    mint: async () => {
      if (minting === undefined || minting.left === 0) {
        minting = { service: await arena.newClient(), left: codesPerClient };
        await minting.service.tokens(person);
      }
      minting.left -= 1;
      return { service: minting.service, ...(await minting.service.code(person)) };
    },
    family: async () => {
      const minted = await arena.mint();
      return { service: minted.service, ...(await redeemed(minted)) };
    },
    personAt: (origin) => {
      const other = createPerson({ login: 'alice', issuer, providerIssuer: provider.issuer, via: origin });
      for (const [host, jar] of person.cookies) other.cookies.set(host, jar);
      return other;
    },
    stop: stack.stop,
  };
  return arena;
};

/** Every race is run against one host and against both: the rounds take turns. */
export const hostsIn = (round: number, { hosts }: Stack): readonly string[] => hosts.slice(0, 1 + (round % 2));

/** The same client speaking to the round's hosts in turn. */
export const spread = (service: Service, stack: Stack, round: number) => {
  const speak = (origin: string): Service => createService(stack.issuer, service.registration, origin);
  const services = hostsIn(round, stack).map(speak);
  return (index: number): Service => services[index % services.length] ?? service;
};

/** Runs every round, and says which one it was that failed. */
export const everyRound = async (play: (round: number) => Promise<void>): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    try {
      await play(round);
    } catch (error) {
      if (error instanceof Error) error.message = `round ${round}: ${error.message}`;
      throw error;
    }
  }
};

export const times = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));

export const tokensOf = ({ body }: Answer): Tokens => ({
  accessToken: String(body.access_token),
  refreshToken: String(body.refresh_token),
});

const redeemed = async (minted: Minted): Promise<Tokens> => {
  const answer = await answerOf(minted.service.redeem(minted));
  if (answer.status !== 200) throw new Error(`the code was not redeemed: ${answer.status} ${answer.text}`);
  return tokensOf(answer);
};

/** Status and error code, for comparing whole sets of answers. */
export const wordOf = ({ status, body }: Answer): string =>
  typeof body.error === 'string' ? `${status} ${body.error}` : String(status);

/** Watching must leave the hosts to those that race. */
const pollMilliseconds = 5;

/** Whether the token was active, asked again and again until `race` is over. */
export const watching = async (
  service: (index: number) => Service,
  token: string,
  race: Promise<unknown>,
): Promise<boolean[]> => {
  const seen: boolean[] = [];
  let isOver = false;
  const over = race.finally(() => {
    isOver = true;
  });
  for (let index = 0; !isOver; index++) {
    seen.push(await isActive(service(index), token));
    await pause(pollMilliseconds);
  }
  await over;
  return seen;
};

/**
 * The form by which a person's page revokes a service. Its token belongs to the session and is read once: the page lists
 * everything that all rounds left.
 */
export const revocationForms = (person: Person, issuer: string) => {
  let token: string | undefined;
  return async ({ registration }: Service): Promise<URLSearchParams> => {
    token ??= await formTokenOn(person, `${issuer}/authorizations`);
    return new URLSearchParams({ token, authorization: clientKeyOf(registration.clientId).toString('hex') });
  };
};

const formTokenOn = async (person: Person, url: string): Promise<string> => {
  const page = await person.visit(url);
  const fields = page.kind === 'page' ? formsIn(page.html).flatMap((form) => form.fields) : [];
  const token = fields.find(({ name }) => name === 'token')?.value;
  if (token === undefined) throw new Error(`${url} has no form with a token`);
  return token;
};

export const sendForm = (person: Person, url: string, body: URLSearchParams): Promise<Response> =>
  person.send(url, {
    method: 'POST',
    body,
    headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' },
  });

/** The approval page of a request, and what its form sends when everything is approved. */
export const openApprovalPage = async (person: Person, url: string): Promise<{ page: Page; body: URLSearchParams }> => {
  const page = await person.visit(url);
  const form = page.kind === 'page' ? approvalForm(page) : undefined;
  if (page.kind !== 'page' || form === undefined) throw new Error('there is no approval page');
  const body = untouched(form);
  body.set('decision', 'approve');
  return { page, body };
};

/** Where the parts of an opaque token are, in characters from its end. */
export const secretOfToken = 30;
export const familyBytesOfToken = 80;

/** Each is followed by another one, so that twice is not undone. */
const followers: Readonly<Record<string, string>> = { A: 'B', B: 'C' };

/** The token with another character at `fromEnd`. */
export const garbled = (token: string, fromEnd: number): string => {
  const at = token.length - fromEnd;
  return `${token.slice(0, at)}${followers[token[at] ?? ''] ?? 'A'}${token.slice(at + 1)}`;
};
