import { createShutdown } from '../../../local/shutdown.ts';
import { quantile, slope } from '../report/statistics.ts';
import type { Cell, Table } from '../report/table.ts';
import { openClient, type Send } from '../throughput/client.ts';
import { closedLoop } from '../throughput/closed-loop.ts';
import { openCodes } from '../throughput/hawiya-flows.ts';
import { type ServerProcess, startServer } from '../throughput/server-process.ts';
import { poissonArrivals, seededRandom, weighted } from './arrivals.ts';
import { openVisitors, type Visitors, visitWeights } from './visits.ts';

/** Seconds of each level. The cloud's clock runs so much faster that all levels together are thirty minutes. */
const levelSeconds = 80;
const cloudMinutes = 30;
const levels = [1, 2, 4];
/** Seconds between two looks at the memory. */
const memoryEvery = 2;
const atOnce = 8;
const capacityVisits = 300;

interface Level {
  readonly factor: number;
  readonly perSecond: number;
  readonly visits: number;
  readonly errors: readonly string[];
  /** Milliseconds of each request. */
  readonly latencies: readonly number[];
  /** Milliseconds by which the client itself started visits too late. */
  readonly late: readonly number[];
  readonly memory: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Mixed traffic on the local cloud in an open model: visitors arrive at random, however long the others wait. It is
 * thirty minutes of the cloud's clock, whose keys, breakers, budgets and tokens age that fast.
 */
export async function measureLoad(): Promise<Table[]> {
  const seed = Number(process.env['BENCH_SEED'] ?? Date.now() % 1_000_000);
  console.info(`Load with BENCH_SEED=${seed}`);
  const random = seededRandom(seed);
  const shutdown = createShutdown();
  try {
    const entry = new URL('../throughput/hawiya-server.ts', import.meta.url);
    const server = await shutdown.addStarted(startServer(entry));
    const [api, itself] = [openClient(`${server.url}/v1`), openClient(server.url)];
    shutdown.add(() => api.close());
    shutdown.add(() => itself.close());
    const visitors = await openVisitors(api.send, openCodes(itself.send));
    const capacity = await capacityOf(visitors, random);
    console.info(`Capacity: ${capacity.toFixed(1)} visits a second`);
    const measured: Level[] = [];
    for (const factor of levels) {
      const perSecond = (capacity / 4) * factor;
      measured.push(
        await runLevel({ factor, perSecond, visitors, random, server, clock: itself.send }),
      );
    }
    return [tableOf(measured, capacity, seed)];
  } finally {
    await shutdown.run();
  }
}

/** Visits a second in a closed model. The first third warms up. */
async function capacityOf(visitors: Visitors, random: () => number): Promise<number> {
  const visits = (count: number) =>
    Array.from({ length: count }, () => weighted(random, visitWeights));
  const visit = async (kind: keyof typeof visitWeights) => void (await visitors.visit(kind));
  await closedLoop(visits(capacityVisits / 3), atOnce, visit);
  return (await closedLoop(visits(capacityVisits), atOnce, visit)).perSecond;
}

interface LevelOrder extends Pick<Level, 'factor' | 'perSecond'> {
  readonly visitors: Visitors;
  readonly random: () => number;
  readonly server: ServerProcess;
  /** Sends to the local cloud itself. */
  readonly clock: Send;
}

async function runLevel(order: LevelOrder): Promise<Level> {
  const { factor, perSecond, visitors, random, server, clock } = order;
  const arrivals = poissonArrivals(random, perSecond, levelSeconds);
  const kinds = arrivals.map(() => weighted(random, visitWeights));
  const errors: string[] = [];
  const latencies: number[] = [];
  const late: number[] = [];
  const memory: { x: number; y: number }[] = [];
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;

  const look = setInterval(async () => {
    const { rss } = await server.ask<NodeJS.MemoryUsage>();
    memory.push({ x: seconds() / 60, y: rss / 1e6 });
  }, memoryEvery * 1000);
  const faster = (cloudMinutes * 60) / (levels.length * levelSeconds);
  const tick = setInterval(() => {
    const body = { advanceSeconds: faster - 1 };
    clock('POST', '/local/clock', { body }).catch((error) => errors.push(String(error)));
  }, 1000);
  try {
    const visits: Promise<void>[] = [];
    for (const [index, at] of arrivals.entries()) {
      const wait = at - seconds();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      late.push(Math.max(0, seconds() - at) * 1000);
      const visit = visitors.visit(kinds[index] ?? 'log in').then(
        (times) => void latencies.push(...times),
        (error: Error) => void errors.push(error.message),
      );
      visits.push(visit);
    }
    await Promise.all(visits);
  } finally {
    clearInterval(look);
    clearInterval(tick);
  }
  for (const error of new Set(errors)) console.error(`${factor}×: ${error}`);
  return { factor, perSecond, visits: arrivals.length, errors, latencies, late, memory };
}

function tableOf(measured: readonly Level[], capacity: number, seed: number): Table {
  const rows = measured.map((level): Cell[] => [
    `${level.factor}×`,
    level.perSecond,
    level.visits,
    level.latencies.length,
    level.errors.length,
    quantile(level.latencies, 0.5),
    quantile(level.latencies, 0.99),
    level.memory[0]?.y ?? null,
    level.memory.at(-1)?.y ?? null,
    slope(level.memory.slice(Math.floor(level.memory.length / 2))),
    quantile(level.late, 0.99),
  ]);
  return {
    title: 'Load',
    columns: [
      { name: 'level' },
      { name: 'visits a second', digits: 1 },
      { name: 'visits' },
      { name: 'requests' },
      { name: 'errors' },
      { name: 'p50 ms', digits: 0 },
      { name: 'p99 ms', digits: 0 },
      { name: 'memory MB at first', digits: 0 },
      { name: 'at last', digits: 0 },
      { name: 'MB a minute, 2nd half', digits: 1 },
      { name: 'client late p99 ms', digits: 0 },
    ],
    rows,
    notes: [
      `Open model with Poisson arrivals, BENCH_SEED=${seed}; capacity ${capacity.toFixed(1)} visits a second with ${atOnce} at once; ${levelSeconds} s for each level, ${cloudMinutes} minutes of the cloud's clock in all. Memory is the resident set of the local cloud with the sandboxes of all functions.`,
    ],
  };
}
