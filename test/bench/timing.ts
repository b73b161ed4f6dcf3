/**
 * `npm run bench:timing`: whether the time of an answer tells a known person from an unknown one.
 * This is no test: even two samples of the same distribution differ now and then. The tests that
 * both make the same AWS calls in the same order are in test/e2e/aws-calls.test.ts and
 * test/integration/*enumeration.test.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { local } from '../../lib/config/stages/local.ts';
import { neverRefusing } from '../support/world/never-refusing.ts';
import { type Answer, openWorld } from '../support/world/world.ts';
import { mannWhitney, median } from './report/statistics.ts';

const pairs = 200;
const warmUp = 40;
const settlingMs = 60;
const kinds = ['known', 'unknown'] as const;
type Kind = (typeof kinds)[number];

const endless = { perDay: 1e9, unverifiedPerHour: 1e9, unverifiedPerDay: 1e9 };
/** Nothing refuses, except that the second password at a name leads to the phone. */
const config: StageConfig = {
  ...local,
  ...neverRefusing,
  limits: {
    ...neverRefusing.limits,
    loginsPerAccountAndHour: 1,
    loginsPerAccountAndDay: 1,
    loginsPerNationalIdAndHour: 1,
    loginsPerNationalIdAndDay: 1,
  },
  spending: { ...local.spending, accounts: endless, namedAccounts: endless },
};

const world = await openWorld({ config });
try {
  const { username, nationalId, phone } = await world.subscriber();
  const people: Record<Kind, { username: string; nationalId: string; phone: string }> = {
    known: { username, nationalId, phone },
    unknown: { ...world.someone(), username: `${username.slice(0, -1)}_` },
  };
  const password = 'not the right one';
  const idOf = ({ body }: Answer): string => body.challenge.id;

  await measure('a reset', async (kind, timed) => {
    const { username: name, nationalId: number } = people[kind];
    const body = { username: name, nationalId: number };
    const id = idOf(await timed('POST /password-resets', '/password-resets', body));
    await timed('POST /challenges/{id}/send', `/challenges/${id}/send`, {});
  });
  for (const field of ['username', 'nationalId'] as const) {
    for (const kind of kinds)
      await world.post('/sessions', { username: people[kind][field], password });
    await measure(`a login by ${field} whose tries are used up`, async (kind, timed) => {
      const body = { username: people[kind][field], password };
      const id = idOf(await timed('POST /sessions', '/sessions', body));
      await timed('POST /challenges/{id}/send', `/challenges/${id}/send`, {});
      const code = { code: '000000', method: 'totp' };
      await timed('POST /challenges/{id}/verify, of an app', `/challenges/${id}/verify`, code);
    });
  }
  await measure('a reminder', async (kind, timed) => {
    const { nationalId: number, phone: to } = people[kind];
    const body = { nationalId: number, phone: to };
    await timed('POST /username-reminders', '/username-reminders', body);
  });
} finally {
  await world.close();
}

type Timed = (call: string, path: string, body: object) => Promise<Answer>;

async function measure(flow: string, run: (kind: Kind, timed: Timed) => Promise<void>) {
  const times = new Map<string, Record<Kind, number[]>>();
  for (let n = -warmUp; n < pairs; n++) {
    // The kinds alternate, and their order changes with each pair, so that a drift affects both
    // alike.
    for (const kind of n % 2 ? kinds : kinds.toReversed()) {
      await run(kind, async (call, path, body) => {
        const startedAt = performance.now();
        const answer = await world.post(path, body);
        const took = performance.now() - startedAt;
        const sample = times.get(call) ?? { known: [], unknown: [] };
        times.set(call, sample);
        if (n >= 0) sample[kind].push(took);
        // The sender has work for a known person. Here it shares the processor with the next request.
        await sleep(settlingMs);
        return answer;
      });
    }
  }
  console.info(flow);
  for (const [call, sample] of times) report(call, sample);
}

function report(call: string, { known, unknown }: Record<Kind, number[]>): void {
  const [a, b] = [median(known), median(unknown)];
  const difference = (Math.abs(a - b) / Math.min(a, b)) * 100;
  const p = mannWhitney(known, unknown);
  const verdict = difference < 3 && p > 0.01 ? 'cannot be told apart' : 'CAN BE TOLD APART';
  console.info(
    `  ${call}: known ${a.toFixed(2)} ms, unknown ${b.toFixed(2)} ms, ` +
      `${difference.toFixed(2)} % apart, p = ${p.toFixed(3)} (${known.length} each): ${verdict}`,
  );
}
