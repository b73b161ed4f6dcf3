import { configDefaults, defineConfig } from 'vitest/config';

/** Test files that only have a meaning with DynamoDB or a local cloud, and those that synthesise the whole app. */
const slow = [
  'test/infra/**',
  'test/integration/{model,local/**}.test.ts',
  'test/ports/records.test.ts',
];

/**
 * `npm run test:fast` and `npm run test:watch`: tests that need no Java and no browser. Suites that run on the fake and
 * on DynamoDB run on the fake alone, because no DynamoDB is provided here.
 */
export default defineConfig({
  test: {
    name: 'fast',
    maxWorkers: 2,
    include: ['test/{unit,ports,integration}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slow],
    provide: { withoutDynamoDb: true },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
