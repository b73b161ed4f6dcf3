import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShutdown } from '../../../local/shutdown.ts';
import {
  defaultBundles,
  deployedBundles,
  deployedNames,
  emptyBundle,
  usualBundles,
} from '../bundles.ts';
import { certificatePath, makeCertificate } from '../recording/certificate.ts';
import type { Recordings } from '../recording/recording.ts';
import { replayEnvironment, startReplay } from '../recording/replay.ts';
import { median, spreadOf } from '../report/statistics.ts';
import type { Table } from '../report/table.ts';
import { firstRequests } from './first-requests.ts';
import { type ColdSample, type ColdStart, sampleColdStart } from './sample.ts';

/** Processes of each variant. */
const rounds = 15;

interface Variant {
  readonly name: string;
  readonly start: (sample: number) => ColdStart;
  readonly samples: ColdSample[];
}

/** Cold starts of every function, as it deploys and bundled in two other ways, interleaved in one run. */
export async function measureColdStarts(recordings: Recordings): Promise<Table[]> {
  const shutdown = createShutdown();
  const directory = await mkdtemp(join(tmpdir(), 'hawiya-cold-'));
  shutdown.add(() => rm(directory, { recursive: true, force: true }));
  try {
    const certificate = makeCertificate(directory);
    const replay = await shutdown.addStarted(startReplay(recordings, certificate));
    const variants = await variantsOf(recordings, directory, replay.url);
    await interleave([...variants.values()]);
    return [tableOf(variants)];
  } finally {
    await shutdown.run();
  }
}

async function variantsOf(recordings: Recordings, directory: string, replay: string) {
  const ours = await deployedBundles(join(directory, 'deployed'));
  const usual = await usualBundles(join(directory, 'usual'));
  const defaults = await defaultBundles(join(directory, 'defaults'));
  const empty = await emptyBundle(join(directory, 'empty'));
  const variants = new Map<string, Variant>();

  async function add(name: string, functionName: string, bundle: string, status?: number) {
    const number = recordings.recordings.findIndex(
      (each) => each.name === firstRequests[functionName],
    );
    const recording = recordings.recordings[number];
    if (!recording) throw new Error(`No request is recorded for ${functionName}`);
    const event = join(directory, `${functionName}.json`);
    await writeFile(event, JSON.stringify(recording.event));
    const start = (sample: number): ColdStart => ({
      bundle,
      event,
      status: status ?? recording.status,
      environment: {
        ...replayEnvironment(recordings, functionName, `${replay}/${number}/${name}-${sample}`),
        NODE_EXTRA_CA_CERTS: certificatePath(directory),
      },
    });
    variants.set(name, { name, start, samples: [] });
  }

  await add('empty', 'information', empty, 200);
  for (const name of deployedNames) {
    await add(`${name}-deployed`, name, ours.pathOf(name));
    await add(`${name}-usual`, name, usual.pathOf(name));
    await add(`${name}-defaults`, name, defaults.pathOf(name));
  }
  return variants;
}

/** One process of each variant a round, in turn forwards and backwards: a drift of the machine affects all alike. */
async function interleave(variants: readonly Variant[]): Promise<void> {
  // The first round reads the files from the disk, and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    for (const { start, samples } of round % 2 ? variants : variants.toReversed()) {
      const sample = await sampleColdStart(start(round));
      if (round >= 0) samples.push(sample);
    }
  }
}

function tableOf(variants: ReadonlyMap<string, Variant>): Table {
  const of = (name: string, value: (sample: ColdSample) => number) =>
    (variants.get(name)?.samples ?? []).map(value);
  const compared = (name: string, value: (sample: ColdSample) => number) => {
    const [ours, usual] = [of(`${name}-deployed`, value), of(`${name}-usual`, value)];
    return [spreadOf(ours), spreadOf(usual), median(ours) / median(usual)];
  };
  const toDefaults = (name: string, value: (sample: ColdSample) => number) =>
    median(of(`${name}-deployed`, value)) / median(of(`${name}-defaults`, value));
  const rows = deployedNames.map((name) => [
    name,
    ...compared(name, ({ importMs }) => importMs),
    ...compared(name, ({ totalMs }) => totalMs),
    ...compared(name, ({ importCpuMs }) => importCpuMs).slice(2),
    ...compared(name, ({ totalCpuMs }) => totalCpuMs).slice(2),
    toDefaults(name, ({ importMs }) => importMs),
    toDefaults(name, ({ totalMs }) => totalMs),
  ]);
  const empty = (value: (sample: ColdSample) => number) => spreadOf(of('empty', value));
  return {
    title: 'Cold start',
    columns: [
      { name: 'function' },
      { name: 'import ms', digits: 0 },
      { name: 'usual bundle', digits: 0 },
      { name: 'ratio', digits: 2 },
      { name: '+ first request ms', digits: 0 },
      { name: 'usual bundle', digits: 0 },
      { name: 'ratio', digits: 2 },
      { name: 'CPU ratio: import', digits: 2 },
      { name: 'in all', digits: 2 },
      { name: 'ratio to the defaults: import', digits: 2 },
      { name: 'in all', digits: 2 },
    ],
    rows: [
      ...rows,
      [
        'an empty handler',
        empty(({ importMs }) => importMs),
        null,
        null,
        empty(({ totalMs }) => totalMs),
        null,
        null,
        null,
        null,
        null,
        null,
      ],
    ],
    notes: [
      `Medians of ${rounds} processes, with quartiles; all variants interleaved in one run. CPU time is what other work on the machine changes less.`,
    ],
  };
}
