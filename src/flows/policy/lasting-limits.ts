/** What bounds an authorization today: the settings, and what operators rule. */
import type { LastingLimits } from '../../oauth/grants/lasting.ts';
import type { Server } from '../../server.ts';

/** Costs no transaction of its own. Throws `Unavailable`. */
export const lastingLimits = async (server: Server): Promise<LastingLimits> => {
  const { longestAuthorizationSeconds } = await server.policy();
  return { refreshAbsoluteSeconds: server.config.lifetimes.refreshAbsoluteSeconds, longestAuthorizationSeconds };
};
