/** What services send, each as a scenario for faults of the storage. */
import { createHash } from 'node:crypto';
import { type Answer, answerOf, jwtPart } from '../support/answer.ts';
import { demoServices, isActive, okJson, type TokenSet } from '../support/service.ts';
import type { Scenario } from './cases.ts';
import type { Lane } from './lanes.ts';

const is200 = ({ status, text }: Answer): string | undefined => (status === 200 ? undefined : `${status} ${text}`);

/** The tokens work, and go on working. */
const lives = async ({ service, stack }: Lane, tokens: Partial<TokenSet>): Promise<string | undefined> => {
  const { access_token: accessToken = '', refresh_token: refreshToken = '' } = tokens;
  if (!(await isActive(demoServices(stack.issuer).api, accessToken))) return 'the access token is dead';
  const next = await answerOf(service.refresh(refreshToken));
  return next.status === 200 ? undefined : `the refresh token was refused: ${next.status} ${next.text}`;
};

const isDead = async ({ service, stack }: Lane, tokens: TokenSet): Promise<string | undefined> => {
  if (await isActive(demoServices(stack.issuer).api, tokens.access_token)) return 'the access token is alive';
  const next = await answerOf(service.refresh(tokens.refresh_token));
  return next.status === 400 ? undefined : `the refresh token was not refused: ${next.status}`;
};

const tokensIn = (answer: Answer): Partial<TokenSet> => answer.body as Partial<TokenSet>;

export const serviceScenarios: readonly Scenario[] = [
  {
    name: 'the redemption of a code',
    operations: 2,
    audience: 'services',
    prepare: async (lane) => {
      const code = await lane.service.code(lane.person);
      return {
        send: () => lane.service.redeem(code),
        problem: is200,
        afterwards: (answer) => lives(lane, tokensIn(answer)),
      };
    },
  },
  {
    name: 'a refresh',
    operations: 2,
    isByCopy: true,
    audience: 'services',
    prepare: async (lane) => {
      const tokens = await lane.service.tokens(lane.person);
      return {
        send: () => lane.service.refresh(tokens.refresh_token),
        problem: is200,
        afterwards: (answer) => lives(lane, tokensIn(answer)),
      };
    },
  },
  {
    name: 'a refresh with the token before the current one',
    operations: 2,
    isByCopy: true,
    audience: 'services',
    prepare: async (lane) => {
      const tokens = await lane.service.tokens(lane.person);
      const successor = (await okJson<TokenSet>(lane.service.refresh(tokens.refresh_token))).refresh_token;
      const problem = (answer: Answer) =>
        is200(answer) ?? (answer.body.refresh_token === successor ? undefined : 'the successor is another one');
      return {
        send: () => lane.service.refresh(tokens.refresh_token),
        problem,
        afterwards: (answer) => lives(lane, tokensIn(answer)),
      };
    },
  },
  {
    name: 'the revocation of a refresh token',
    operations: 2,
    isByCopy: true,
    audience: 'services',
    prepare: async (lane) => {
      const tokens = await lane.service.tokens(lane.person);
      return {
        send: () => lane.service.revoke({ token: tokens.refresh_token }),
        problem: is200,
        afterwards: () => isDead(lane, tokens),
      };
    },
  },
  {
    name: 'the revocation of an access token',
    operations: 2,
    audience: 'services',
    prepare: async (lane) => {
      const tokens = await lane.service.tokens(lane.person);
      const { api } = demoServices(lane.stack.issuer);
      return {
        send: () => lane.service.revoke({ token: tokens.access_token }),
        problem: is200,
        afterwards: async () => {
          if (await isActive(api, tokens.access_token)) return 'the access token is alive';
          return lives(lane, await okJson<TokenSet>(lane.service.refresh(tokens.refresh_token)));
        },
      };
    },
  },
  {
    name: 'the revocation of an access token without a family',
    operations: 2,
    audience: 'services',
    prepare: async ({ stack }) => {
      const { nightly } = demoServices(stack.issuer);
      const { access_token: token } = await okJson<TokenSet>(nightly.token({ grant_type: 'client_credentials' }));
      const jti = String(jwtPart(token, 'payload').jti);
      return {
        marks: [createHash('sha256').update(jti).digest('hex')],
        send: () => nightly.revoke({ token }),
        problem: is200,
        afterwards: async () => ((await isActive(nightly, token)) ? 'the access token is alive' : undefined),
      };
    },
  },
  {
    name: 'the introspection of an access token',
    operations: 1,
    audience: 'services',
    prepare: async (lane) => {
      const tokens = await lane.service.tokens(lane.person);
      return {
        send: () => demoServices(lane.stack.issuer).api.introspect({ token: tokens.access_token }),
        problem: (answer) => is200(answer) ?? (answer.body.active === true ? undefined : 'it says inactive'),
        afterwards: () => lives(lane, tokens),
      };
    },
  },
];
