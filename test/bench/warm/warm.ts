import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShutdown } from '../../../local/shutdown.ts';
import { deployedBundles } from '../bundles.ts';
import type { Recording, Recordings } from '../recording/recording.ts';
import { replayEnvironment, startReplay } from '../recording/replay.ts';
import { spreadOf } from '../report/statistics.ts';
import type { Table } from '../report/table.ts';
import type { WarmOrder, WarmSamples } from './runner.ts';
import { warmTarget } from './targets.ts';

const runner = new URL('./runner.ts', import.meta.url);
const load = { warmUp: 200, batches: 15, batchSize: 10 };

/** CPU time of each call in a function that has started, with AWS answered by another process over HTTP. */
export async function measureWarmCalls(recordings: Recordings): Promise<Table[]> {
  const shutdown = createShutdown();
  const directory = await mkdtemp(join(tmpdir(), 'hawiya-warm-'));
  shutdown.add(() => rm(directory, { recursive: true, force: true }));
  try {
    const replay = await shutdown.addStarted(startReplay(recordings));
    const { pathOf } = await deployedBundles(directory);
    const rows: Table['rows'][number][] = [];
    for (const [number, recording] of recordings.recordings.entries()) {
      const { name, functionName } = recording;
      const environment = replayEnvironment(
        recordings,
        functionName,
        `${replay.url}/${number}/warm`,
      );
      const { cpuMs } = await runWarm(recording, pathOf(functionName), environment);
      const calls = recording.calls.filter(({ remembered }) => !remembered).length;
      const target = warmTarget(name, calls);
      const spread = spreadOf(cpuMs);
      rows.push([name, functionName, calls, spread, target, spread.median / target]);
    }
    return [tableOf(rows)];
  } finally {
    await shutdown.run();
  }
}

async function runWarm(
  { event, at, status, name }: Recording,
  bundle: string,
  environment: Record<string, string>,
): Promise<WarmSamples> {
  const child = fork(runner, {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said = `${said}${text}`.slice(-4000);
  });
  const answered = once(child, 'message') as Promise<[WarmSamples]>;
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended early: ${said}`);
  });
  child.send({ bundle, event, at, status, ...load } satisfies WarmOrder);
  const [samples] = await Promise.race([answered, ended]);
  await ended.catch(() => undefined);
  return samples;
}

const tableOf = (rows: Table['rows']): Table => ({
  title: 'Warm calls',
  columns: [
    { name: 'call' },
    { name: 'function' },
    { name: 'AWS calls' },
    { name: 'CPU ms', digits: 2 },
    { name: 'target', digits: 1 },
    { name: 'of target', digits: 2 },
  ],
  rows,
  notes: [
    `CPU of the whole process, ${load.warmUp} invocations after its start: medians and quartiles of ${load.batches} batches of ${load.batchSize}.`,
  ],
});
