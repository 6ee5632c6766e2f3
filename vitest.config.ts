import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: each file with a stack has a host, Azurite and emulators of its own.
    maxWorkers: 2,
  },
});
