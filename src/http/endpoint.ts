/** What an endpoint is: a row that the frame (`frame.ts`) reads, and the story that it tells. */
import type { HttpMethod } from '@azure/functions';
import type { Server } from '../server.ts';
import type { Reply } from './reply.ts';
import type { Incoming } from './request.ts';

/** What is known of an endpoint without its story. */
export type Facts = {
  readonly route: string;
  readonly methods: readonly HttpMethod[];
  /** What refusals look like: JSON for services, pages for people. */
  readonly audience: 'services' | 'people';
  /** Whether refusals are problem details (RFC 9457). */
  readonly problems?: true | ((request: Incoming) => boolean);
  /** Whether scripts of other origins may call it. Never true for what a browser authenticates by cookie. */
  readonly crossOrigin: boolean | ((request: Incoming) => boolean);
  /**
   * Whether its pages lie on the way to a service, which may have opened them in a popup and waits for its answer there.
   * No page has a script but the one that sends a form, so a window that keeps its opener gives nothing away (HTML §7.1.3).
   */
  readonly keepsOpener?: true;
  /** Whether it answers while storage is away: it goes by the resources that are at hand. */
  readonly withoutStorage?: true;
  /** Longest body that it takes; 64 KB for all that say nothing. */
  readonly bodyLimitBytes?: number;
  /** Most parameters that its form may have; 200 for all that say nothing. Where people tick permissions, each is one. */
  readonly parametersLimit?: number;
  /** For the home page: whom the address is of interest to, and what for. */
  readonly listed?: { readonly for: 'developers' | 'operators'; readonly about: string };
};

/** What an endpoint does. It throws what it refuses. */
export type Story = (request: Incoming, server: Server) => Promise<Reply>;

export type Endpoint = Facts & { readonly name: string; readonly handle: Story };

/** A function, such as a story, whose module is loaded when it is first called; again when that failed. */
export const lazily = <Given extends readonly unknown[], Result>(
  load: () => Promise<(...given: Given) => Promise<Result>>,
): ((...given: Given) => Promise<Result>) => {
  let loaded: ReturnType<typeof load> | undefined;
  return async (...given) => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return (await loaded)(...given);
  };
};

/** The host answers a bare 404 for methods that are not registered, so all are, and refused here with Allow. */
export const registeredMethods: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** RFC 9110 §9.3.2: what answers GET answers HEAD. */
export const allowedMethods = ({ methods }: Facts): readonly string[] =>
  methods.includes('GET') ? [...methods, 'HEAD'] : methods;
