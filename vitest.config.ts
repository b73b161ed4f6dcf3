import { defineConfig } from 'vitest/config';

/**
 * Three kinds of tests by what they need running: nothing; DynamoDB Local, once for all of them; a local cloud of
 * their own, one file after the other, because each takes both cores of a small machine.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: ['test/{unit,infra}/**/*.test.ts'],
          // Synthesising the app takes seconds of both cores.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'stores',
          include: ['test/{contract,integration}/**/*.test.ts'],
          globalSetup: 'test/support/dynamodb-local.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'cloud',
          include: ['test/{security,e2e}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
    ],
  },
});
