import { afterAll, beforeAll, expect, it } from 'vitest';
import { phone } from '../support/fakes/builders.ts';
import { openWorld, outcome, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const addresses = Array.from({ length: 40 }, (_, i) => `203.0.113.${i + 1}`);
const guesses = 4_000;
/** The number of parallel requests that two cores serve within the time limits. */
const parallel = 40;

/** Runs all the work, `parallel` at a time. */
async function inParallel<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await run(index);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return results;
}

it('four thousand guesses from forty addresses at one phone get no more answers than the day’s budget', async () => {
  const victim = phone();
  const open: string[] = [];
  const seen = new Map<string | number, number>();

  const startedAt = performance.now();
  await inParallel(guesses, async (index) => {
    const address = addresses[index % addresses.length] ?? '';
    // An attacker needs open challenges: every address keeps starting its own.
    if (index % 40 < 8) {
      const started = await world.post('/registrations', { phone: victim }, { address });
      if (started.status === 202) open.push(started.body.challenge.id);
    }
    const id = open[index % Math.max(1, open.length)] ?? 'none';
    const code = String(index * 7919)
      .padStart(6, '0')
      .slice(-6);
    const answer = outcome(await world.post(`/challenges/${id}/verify`, { code }, { address }));
    seen.set(answer, (seen.get(answer) ?? 0) + 1);
  });

  const seconds = (performance.now() - startedAt) / 1000;
  const answered = (seen.get('code_incorrect') ?? 0) + (seen.get(200) ?? 0);
  console.info(`${guesses} guesses in ${seconds.toFixed(1)} s:`, Object.fromEntries(seen));
  // Three sends an hour (six across the edge of an hour), five attempts each.
  expect(open.length).toBeLessThanOrEqual(6);
  expect(answered).toBeLessThanOrEqual(open.length * 5);
  expect(answered).toBeLessThanOrEqual(30);
  expect(seen.get(200) ?? 0).toBeLessThanOrEqual(1);
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(guesses);
  expect(seen.get('unavailable') ?? 0).toBe(0);
});
