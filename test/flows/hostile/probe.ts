/** Sends what is wrong to every endpoint of a stack, and sees what of it reaches the tables. */
import { sessionOf, signedInAt } from '../../support/people.ts';
import { demoServices, okJson, type TokenSet } from '../../support/service.ts';
import type { Stack } from '../../support/stack.ts';
import { expectClean, type Pair, sendTo, type Target, targetsOf } from './endpoints.ts';

type TableCall = { readonly method: string; readonly path: string };

export type Probe = {
  readonly services: ReturnType<typeof demoServices>;
  /** One of `targetNames`; those of people with the session of somebody who is signed in. */
  target(name: string): Target;
  /** Puts the value into each parameter of the target in turn; every answer must be a clean one. */
  tryEverywhere(target: Target, value: string): Promise<void>;
  /** Requests to the tables since the last look. */
  tableCalls(): readonly TableCall[];
  /** All of them, as far as they were looked at. */
  readonly allTableCalls: readonly TableCall[];
};

/** Needs a stack with `throughProxy`. Clients, locator key, keys and not-before instants are cached from here on. */
export const startProbe = async (stack: Stack): Promise<Probe> => {
  const services = demoServices(stack.issuer);
  const targets = new Map<string, Target>(
    targetsOf(stack, sessionOf(await signedInAt(stack))).map((target) => [target.name, target] as const),
  );
  const allTableCalls: TableCall[] = [];
  const tableCalls = (): readonly TableCall[] => {
    const taken = stack.tableProxy.requests.splice(0).map(({ method, path }) => ({ method, path }));
    allTableCalls.push(...taken);
    return taken;
  };
  await warmUp(services);
  tableCalls();
  return {
    services,
    allTableCalls,
    tableCalls,
    target: (name) => {
      const target = targets.get(name);
      if (target === undefined) throw new Error(`no target ${name}`);
      return target;
    },
    tryEverywhere: async (target, value) => {
      const requests = target.parameters.map(([changed]) =>
        target.parameters.map(([name, old]): Pair => [name, name === changed ? value : old]),
      );
      const answers = await Promise.all(requests.map((parameters) => sendTo(stack, target, parameters)));
      for (const answer of answers) expectClean(stack, target, answer);
    },
  };
};

const warmUp = async ({ nightly, api, web, native }: ReturnType<typeof demoServices>): Promise<void> => {
  const own = await okJson<TokenSet>(nightly.token({ grant_type: 'client_credentials' }));
  await okJson(api.introspect({ token: own.access_token }));
  for (const service of [web, native]) await (await service.revoke({ token: 'x' })).text();
};
