/**
 * `npm run bench:timing`: whether the time of an answer tells a known pair from an unknown one.
 * This is no test: even two samples of the same distribution differ now and then. The test that
 * both make the same AWS calls in the same order is in test/e2e/aws-calls.test.ts.
 */
import { openTable } from '../support/world/table-scan.ts';
import { openWorld } from '../support/world/world.ts';
import { mannWhitney, median } from './report/statistics.ts';

const pairs = 500;
const warmUp = 60;

const world = await openWorld();
try {
  const { username, nationalId } = await world.subscriber();
  const bodies = {
    known: { username, nationalId },
    unknown: { username: `${username.slice(0, -1)}_`, nationalId },
  };
  const kinds = ['known', 'unknown'] as const;
  const start: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  const send: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };

  for (let n = -warmUp; n < pairs; n++) {
    // The kinds alternate, and their order changes with each pair, so that a drift affects both
    // alike.
    for (const kind of n % 2 ? kinds : kinds.toReversed()) {
      const startedAt = performance.now();
      const started = await world.post('/password-resets', bodies[kind]);
      const between = performance.now();
      await world.post(`/challenges/${started.body.challenge.id}/send`, {});
      if (n < 0) continue;
      start[kind].push(between - startedAt);
      send[kind].push(performance.now() - between);
    }
    await openTable(world).clear('ledger#phone-password-reset', /^sends/);
  }
  report('POST /password-resets', start);
  report('POST /challenges/{id}/send', send);
} finally {
  await world.close();
}

function report(call: string, { known, unknown }: { known: number[]; unknown: number[] }): void {
  const [a, b] = [median(known), median(unknown)];
  const difference = (Math.abs(a - b) / Math.min(a, b)) * 100;
  const p = mannWhitney(known, unknown);
  const verdict = difference < 3 && p > 0.01 ? 'cannot be told apart' : 'CAN BE TOLD APART';
  console.info(
    `${call}: known ${a.toFixed(2)} ms, unknown ${b.toFixed(2)} ms, ` +
      `${difference.toFixed(2)} % apart, p = ${p.toFixed(3)} (${known.length} each): ${verdict}`,
  );
}
