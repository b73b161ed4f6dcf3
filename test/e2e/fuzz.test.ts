import { randomInt } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { brokenPlans, brokenRequestOf } from '../support/fuzz/invalid.ts';
import { faultsOf, leaks } from '../support/fuzz/judge.ts';
import { learn } from '../support/fuzz/learn.ts';
import { keepLoggedIn, type Pool, peopledPool } from '../support/fuzz/pool.ts';
import { type Case, parsed, printed } from '../support/fuzz/request.ts';
import { createTally } from '../support/fuzz/tally.ts';
import { plans, requestOf } from '../support/fuzz/valid.ts';
import { wireClient } from '../support/fuzz/wire.ts';
import { contractRecorder } from '../support/world/api-contract.ts';
import { neverRefusing, plenty } from '../support/world/never-refusing.ts';
import { openWorld, type World } from '../support/world/world.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const alone = process.env['FUZZ_REQUEST'];
const requests = 5000;
const parallel = 16;
/** Milliseconds after which a missing answer is a hang: API Gateway's limit for a function. */
const limit = 29_000;

/** The local stage with budgets that are never used up: behind a full budget, only its refusal would be tested. */
const unlimited: StageConfig = {
  ...local,
  ...neverRefusing,
  // With apps, every answer varies by origin too: test/e2e/app-origins holds that.
  appOrigins: [],
  relyingServices: local.relyingServices.map((service) => ({
    ...service,
    challengesPerHour: plenty,
    challengesPerDay: plenty,
    spendPerDay: plenty,
  })),
  spending: {
    ...local.spending,
    registrations: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
    accounts: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
    prefix: { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 },
  },
};

const contract = contractRecorder(inject('testRun')?.reached);
let world: World;
let pool: Pool;
let client: ReturnType<typeof wireClient>;
const secrets = new Set<string>();
/** AWS calls of the functions that failed with a 5xx: the first place to look for the cause of a 503. */
const failedCalls: string[] = [];
beforeAll(async () => {
  world = await openWorld({ config: unlimited });
  world.cloud.hooks.onAnswer = ({ service, operation }, { status, body }) => {
    if (status >= 500) failedCalls.push(`${service} ${operation}: ${status} ${body}`);
  };
  pool = await peopledPool(world, 24);
  client = wireClient(`${world.serving.url}/v1`, { parallel, limit });
});
afterAll(async () => {
  client?.close();
  await world?.close();
  contract.close();
});

/** Sends one request and checks its answer against the API contract. @returns the faults, and how to repeat them */
async function tried(sent: Case, tally: ReturnType<typeof createTally>): Promise<string[]> {
  for (const secret of sent.secrets) secrets.add(secret);
  try {
    const answer = await client.send(sent);
    tally.count(sent, answer);
    const faults = faultsOf(sent, answer, contract.check);
    if (faults.length === 0) {
      learn(pool, sent, answer.status, answer.text ? JSON.parse(answer.text) : undefined);
    }
    return faults.map((fault) => explained(sent, fault));
  } catch (error) {
    return [explained(sent, `no answer: ${error}`)];
  }
}

const explained = (sent: Case, fault: string) =>
  `${sent.operation?.name ?? sent.path} (${sent.mutation ?? 'valid'}): ${fault}\n  FUZZ_REQUEST='${printed(sent)}'`;

/** Sends all requests, `parallel` at a time. */
async function fuzz<T>(arbitrary: Arbitrary<T>, request: (plan: T) => Promise<Case> | Case) {
  const tally = createTally();
  const found: string[] = [];
  const left = fc.sample(arbitrary, { numRuns: requests, seed });
  const startedAt = performance.now();
  const worker = async () => {
    for (let plan = left.pop(); plan !== undefined; plan = left.pop()) {
      found.push(...(await tried(await request(plan), tally)));
    }
  };
  let running = true;
  const keepers = Array.from({ length: 2 }, () => keepLoggedIn(pool, () => running));
  await Promise.all(Array.from({ length: parallel }, worker));
  running = false;
  await Promise.all(keepers);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.info(`FUZZ_SEED=${seed}: ${requests} requests in ${seconds} s\n${tally.table()}`);
  return { found, tally };
}

/** The limits of sensitive changes and exports are the same in every stage, so some requests reach them. */
const isLimit = (status: number) => status === 429;

it.skipIf(alone)(
  'five thousand valid requests get only documented answers, and each operation succeeds at least once',
  async () => {
    const { found, tally } = await fuzz(plans, (plan) => requestOf(plan, pool));
    expect(found.slice(0, 10)).toEqual([]);
    expect(tally.without((status) => status < 300)).toEqual([]);
    expect(tally.share(isLimit)).toBeLessThan(0.15);
    expect(tally.share((status) => status >= 500)).toBeLessThan(0.02);
  },
);

it.skipIf(alone)(
  'five thousand broken requests get only documented answers, and none that the document forbids succeeds',
  async () => {
    const { found, tally } = await fuzz(brokenPlans, (plan) => brokenRequestOf(plan, pool));
    expect(found.slice(0, 10)).toEqual([]);
    expect(tally.without((status) => status >= 400 && !isLimit(status))).toEqual([]);
    expect(tally.share(isLimit)).toBeLessThan(0.15);
    expect(tally.share((status) => status >= 500)).toBeLessThan(0.02);
  },
);

it.skipIf(alone)(
  'no log line holds a password, code or token that was sent, or reports an unexpected error',
  () => {
    expect(failedCalls).toEqual([]);
    expect(world.logged.filter((line) => line.startsWith('AWS endpoint:'))).toEqual([]);
    expect(world.logged.length).toBeGreaterThan(requests);
    expect(leaks(world.logged, secrets)).toEqual([]);
    expect(
      world.logged.filter((line) => /"unexpected"|"level":"(ERROR|FATAL)"/.test(line)),
    ).toEqual([]);
  },
);

it.runIf(alone)('the request of FUZZ_REQUEST gets a documented answer', async () => {
  expect(await tried(parsed(alone ?? ''), createTally())).toEqual([]);
});
