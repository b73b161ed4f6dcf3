import { inspect } from 'node:util';
import fc from 'fast-check';
import { type Scene, story } from './actions.ts';
import { BrokenLaw, type Play, play, type Tally } from './play.ts';

/** `FC_SEED=123` tells the stories of seed 123 again. */
export const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

interface Check {
  readonly name: string;
  readonly runs: number;
  readonly scenes: number;
  readonly seconds: number;
  readonly open: Play['open'];
}

/** What came of the stories: how their calls were answered, or the shortest one that breaks a law. */
export interface Outcome {
  readonly tally: Tally;
  readonly runs: number;
  readonly failure?: string;
}

/** Plays stories on stores in memory: every call of a port is a point at which another actor may go on. */
export const checkInterleaved = (check: Check): Promise<Outcome> =>
  tellStories(check, fc.scheduler({ act: settled }), ({ open }, scheduler, tally) => ({
    open,
    tally,
    schedule: (label, call) => scheduler.schedule(Promise.resolve(), label).then(call),
    settle: async (work) => {
      await scheduler.waitFor(work);
      // What a call that died left behind.
      await scheduler.waitIdle();
    },
  }));

/** Lets whoever went on get to its next call before the next one is chosen. */
async function settled(step: () => Promise<void>): Promise<void> {
  await step();
  await new Promise(setImmediate);
}

/** Plays stories on a database: what happens at the same time really does. */
export const checkInParallel = (check: Check): Promise<Outcome> =>
  tellStories(check, fc.constant(undefined), ({ open }, _, tally) => ({
    open,
    tally,
    schedule: (_label, call) => call(),
    settle: (work) => work,
  }));

async function tellStories<Extra>(
  check: Check,
  extra: fc.Arbitrary<Extra>,
  playWith: (check: Check, extra: Extra, tally: Tally) => Play,
): Promise<Outcome> {
  const tally: Tally = new Map();
  const property = fc.asyncProperty(story(check.scenes), extra, (scenes: Scene[], with_) =>
    play(scenes, playWith(check, with_, tally)),
  );
  const details = await fc.check(property, {
    seed,
    numRuns: check.runs,
    // On a slow machine fewer stories are told, and a failing one is shortened less.
    interruptAfterTimeLimit: check.seconds * 1000,
  });
  const { numRuns: runs, failed, errorInstance: error } = details;
  const told = `${check.name}: ${runs} stories of seed ${seed} (FC_SEED=${seed} tells them again)`;
  console.log(told);
  if (!failed) return { tally, runs };
  const why = error instanceof BrokenLaw ? error.message : inspect(error);
  return { tally, runs, failure: `${told}\n${why}` };
}
