/** vitest globalSetup: builds the bundle once, before any test starts a host with it. */
import { buildPackage } from '../../local/processes.ts';

export const setup = (): Promise<void> => buildPackage();
