import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest come first: at the end of a run, no worker waits for one of them. */
const longest = [
  'e2e/portal-account',
  'security/crash-account',
  'e2e/portal-quality',
  'security/taken-over',
  'integration/key-rotation',
  'security/guessing-load',
  'e2e/delivery',
  'security/crash',
  'integration/model',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Files that make bursts of hundreds of requests, or look at single seconds, have both cores of a small machine. */
const alone = [
  'test/e2e/{clock,directory-outage,fuzz}.test.ts',
  'test/security/{concurrency,guessing-breaker,login-throttle}.test.ts',
];

/** Files that replace a module, or set the environment before they load one: others must not have loaded it before. */
const ownModules = ['test/unit/functions/*.test.ts', 'test/unit/adapters/contention.test.ts'];

/**
 * A wait ends with what it waits for, and not by the clock: on a loaded machine, everything takes minutes at times. These
 * are the last resort, in milliseconds, against a test that hangs.
 */
const patience = {
  testTimeout: 600_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 300_000 } },
};

/** Pure tests use the fakes of the port suites, and have no DynamoDB Local. */
const withoutJava = { withoutDynamoDb: true };

/** A local cloud a file; what all of them need is started once. */
const withCloud = {
  globalSetup: 'test/support/world/test-run.ts',
  ...patience,
  // Files share the modules and compiled code of their worker. Each opens a local cloud of its own.
  isolate: false,
  // Functions run in worker threads of the test process. With V8’s default young generation, garbage collection takes a
  // fifth of their CPU.
  execArgv: ['--min-semi-space-size=16', '--max-semi-space-size=32'],
};

/**
 * Kinds of tests by what they need: nothing; DynamoDB Local, once for all of them; a local cloud. Files with a local cloud
 * wait for a part of their time, so three of them run at once on two cores. Last comes the check of what the clouds have
 * answered.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'pure',
          maxWorkers: 2,
          isolate: false,
          include: ['test/{unit,infra}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ownModules],
          provide: withoutJava,
          ...patience,
        },
      },
      {
        test: {
          name: 'pure-isolated',
          maxWorkers: 2,
          include: ownModules,
          provide: withoutJava,
          ...patience,
        },
      },
      {
        test: {
          name: 'stores',
          maxWorkers: 2,
          isolate: false,
          include: ['test/{ports,integration}/**/*.test.ts'],
          globalSetup: 'test/support/world/dynamodb-local.ts',
          ...patience,
        },
      },
      {
        test: {
          ...withCloud,
          name: 'cloud',
          include: ['test/{security,e2e}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...alone],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...withCloud,
          name: 'cloud-alone',
          include: alone,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'api-coverage',
          include: ['test/api-coverage/**/*.test.ts'],
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
