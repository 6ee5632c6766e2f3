/** What is measured: each step of a whole flow, and what services do besides. */
import { type Code, okJson, type TokenSet } from '../test/support/service.ts';
import type { Subject } from './subjects.ts';

/** One authorization on its way through the steps. */
export type Flow = { code?: Code; tokens?: TokenSet };

/** One request, or a few that belong together, of a flow. */
export type Step = {
  readonly name: string;
  /** Whether it is a part of the whole flow. */
  readonly isOfFlow: boolean;
  run(subject: Subject, flow: Flow): Promise<void>;
};

const refreshTokenOf = ({ tokens }: Flow): string => tokens?.refresh_token ?? '';

const refresh = async ({ web }: Subject, flow: Flow): Promise<void> => {
  flow.tokens = await okJson<TokenSet>(web.refresh(refreshTokenOf(flow)));
};

const authorize: Step = {
  name: 'authorize, with approval',
  isOfFlow: true,
  run: async ({ web, person }, flow) => {
    flow.code = await web.code(person, { prompt: 'consent' });
  },
};

const exchange: Step = {
  name: 'code exchange',
  isOfFlow: true,
  run: async ({ web }, flow) => {
    if (flow.code === undefined) throw new Error('there is no code');
    flow.tokens = await okJson<TokenSet>(web.redeem(flow.code));
  },
};

const revoke: Step = {
  name: 'revoke',
  isOfFlow: true,
  run: async ({ web }, flow) => {
    const answer = await web.revoke({ token: refreshTokenOf(flow) });
    if (answer.status !== 200) throw new Error(`not revoked: ${answer.status} ${await answer.text()}`);
    await answer.text();
  },
};

/** In the order in which an authorization goes through them. */
export const steps: readonly Step[] = [
  authorize,
  exchange,
  {
    name: 'introspection of a refresh token',
    isOfFlow: false,
    run: async ({ web }, flow) => {
      const { active } = await okJson<{ readonly active: boolean }>(web.introspect({ token: refreshTokenOf(flow) }));
      if (!active) throw new Error('introspection says that the token is not active');
    },
  },
  {
    name: 'two refreshes',
    isOfFlow: true,
    run: async (subject, flow) => {
      await refresh(subject, flow);
      await refresh(subject, flow);
    },
  },
  revoke,
  {
    name: 'client_credentials',
    isOfFlow: false,
    run: async ({ machine }) => {
      await okJson(machine.token({ grant_type: 'client_credentials', scope: 'vso.work' }));
    },
  },
];

/** A refresh of an authorization that is refreshed again and again. */
export const chainedRefresh: Step = { name: 'one refresh in a chain', isOfFlow: false, run: refresh };

/** One authorization from its request to its revocation. */
export const wholeFlow = async (subject: Subject): Promise<void> => {
  const flow: Flow = {};
  for (const step of steps) if (step.isOfFlow) await step.run(subject, flow);
};

/** An authorization that can be refreshed. */
export const connected = async (subject: Subject): Promise<Flow> => {
  const flow: Flow = {};
  await authorize.run(subject, flow);
  await exchange.run(subject, flow);
  return flow;
};

/** Ends what `connected` began. */
export const disconnect = (subject: Subject, flow: Flow): Promise<void> => revoke.run(subject, flow);
