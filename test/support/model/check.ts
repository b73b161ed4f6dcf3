import { inspect } from 'node:util';
import fc from 'fast-check';
import { type Scene, scenario } from './actions.ts';
import { BrokenLaw, type Play, play, type Tally } from './play.ts';

/** `FC_SEED=123` repeats the scenarios of seed 123. */
export const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

interface Check {
  readonly name: string;
  readonly runs: number;
  readonly scenes: number;
  readonly open: Play['open'];
}

/**
 * The result of the scenarios: how their calls were answered, or the shortest scenario that breaks
 * a law.
 */
export interface Outcome {
  readonly tally: Tally;
  readonly failure?: string;
}

/** Plays scenarios on stores in memory: at every call of a port another actor may go on. */
export const checkInterleaved = (check: Check): Promise<Outcome> =>
  checkScenarios(check, fc.scheduler({ act: settled }), ({ open }, scheduler, tally) => ({
    open,
    tally,
    schedule: (label, call) => scheduler.schedule(Promise.resolve(), label).then(call),
    settle: async (work) => {
      await scheduler.waitFor(work);
      // Work that a crashed call left behind.
      await scheduler.waitIdle();
    },
  }));

/** Lets the current actor reach its next call before the next actor is chosen. */
async function settled(step: () => Promise<void>): Promise<void> {
  await step();
  await new Promise(setImmediate);
}

/** Plays scenarios on a database, where parallel calls really are parallel. */
export const checkInParallel = (check: Check): Promise<Outcome> =>
  checkScenarios(check, fc.constant(undefined), ({ open }, _, tally) => ({
    open,
    tally,
    schedule: (_label, call) => call(),
    settle: (work) => work,
  }));

async function checkScenarios<Extra>(
  check: Check,
  extra: fc.Arbitrary<Extra>,
  playWith: (check: Check, extra: Extra, tally: Tally) => Play,
): Promise<Outcome> {
  const tally: Tally = new Map();
  const property = fc.asyncProperty(scenario(check.scenes), extra, (scenes: Scene[], with_) =>
    play(scenes, playWith(check, with_, tally)),
  );
  const details = await fc.check(property, {
    seed,
    numRuns: check.runs,
  });
  const { numRuns, failed, errorInstance: error } = details;
  const told = `${check.name}: ${numRuns} scenarios of seed ${seed} (FC_SEED=${seed} repeats them)`;
  console.log(told);
  if (!failed) return { tally };
  const why = error instanceof BrokenLaw ? error.message : inspect(error);
  return { tally, failure: `${told}\n${why}` };
}
