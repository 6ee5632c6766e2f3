/** A stack, a browser and a service's own site for one test file; a fresh profile and a fresh service for each test. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type ClientSite, startClientSite } from '../support/client-site.ts';
import { register, type Service } from '../support/service.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { signInAs } from './steps.ts';

/** Milliseconds for a step on a page, for what happens after an answer, and for a test: a browser on a busy machine is slow. */
export const patience = { page: 45_000, effect: 60_000, test: 180_000 } as const;

export type World = {
  readonly browser: Browser;
  readonly stack: Stack;
  /** The service's own site, and one that belongs to somebody else. */
  readonly site: ClientSite;
  readonly elsewhere: ClientSite;
  context: BrowserContext;
  page: Page;
  service: Service;
  /** Replaces the test's service by one that is registered so. */
  registerAs(metadata: Readonly<Record<string, unknown>>): Promise<void>;
  /** Opens the approval page as somebody who signs in for it. Gives the request's code verifier. */
  open(parameters?: Readonly<Record<string, string>>): Promise<string>;
  /** Requests that the service's site has had in this test. */
  visits(): readonly URL[];
};

/** Registers the file's hooks. The world can be used inside of tests. */
export const useWorld = (): World => {
  vi.setConfig({ testTimeout: patience.test });
  const world = {} as Omit<World, 'browser' | 'stack' | 'site' | 'elsewhere'> & Started;
  let visitsBefore = 0;

  world.registerAs = async (metadata) => {
    world.service = await register(world.stack.issuer, {
      client_name: 'Tailspin Reports',
      redirect_uris: [`${world.site.origin}/callback`],
      ...metadata,
    });
  };
  world.open = async (parameters) => {
    const { url, verifier } = world.service.authorization({ state: 'state-1', ...parameters });
    await world.page.goto(url);
    await signInAs(world.page, 'alice');
    await world.page.getByRole('button', { name: 'Approve' }).waitFor();
    return verifier;
  };
  world.visits = () => world.site.visits.slice(visitsBefore);

  beforeAll(async () => {
    Object.assign(world, await start());
  });
  beforeEach(async () => {
    await world.registerAs({});
    world.site.answer = { status: 200 };
    visitsBefore = world.site.visits.length;
    world.context = await world.browser.newContext();
    world.page = await world.context.newPage();
    world.page.setDefaultTimeout(patience.page);
  });
  afterEach(() => world.context?.close());
  afterAll(async () => {
    await world.browser?.close();
    await Promise.all([world.stack?.stop(), world.site?.stop(), world.elsewhere?.stop()]);
  });
  return world;
};

type Started = { browser: Browser; stack: Stack; site: ClientSite; elsewhere: ClientSite };

const start = async (): Promise<Started> => {
  const [browser, stack, site, elsewhere] = await Promise.all([
    launchBrowser(),
    startStack(),
    startClientSite(),
    startClientSite(),
  ]);
  return { browser, stack, site, elsewhere };
};
