import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('./runner.cjs', import.meta.url));

/** What a cold start is made of. */
export interface ColdStart {
  /** Path of the bundle. */
  readonly bundle: string;
  /** Path of the JSON of the first event. */
  readonly event: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Status of the answer that the first event gets; undefined for a function that answers no request. */
  readonly status: number | undefined;
}

/** Milliseconds of one process. */
export interface ColdSample {
  readonly importMs: number;
  /** Import and first invocation. */
  readonly totalMs: number;
  readonly importCpuMs: number;
  readonly totalCpuMs: number;
}

interface Instant {
  readonly wall: number;
  readonly cpu: number;
}

interface Said {
  readonly start: Instant;
  readonly loaded: Instant;
  readonly answered: Instant;
  readonly status?: number;
  readonly failed?: unknown[];
}

/**
 * Starts a process that loads a bundle and invokes it once.
 * @throws Error if the function did not answer as it did when it was recorded
 */
export async function sampleColdStart(cold: ColdStart): Promise<ColdSample> {
  const child = spawn(process.execPath, [runner, cold.bundle, cold.event], {
    env: cold.environment,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [said, errors] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ]);
  if (said === '') throw new Error(`${cold.bundle} did not answer: ${errors}`);
  const { start, loaded, answered, status, failed = [] } = JSON.parse(said) as Said;
  if (status !== cold.status || failed.length > 0) {
    throw new Error(`${cold.bundle} answered ${status} instead of ${cold.status}: ${errors}`);
  }
  return {
    importMs: loaded.wall - start.wall,
    totalMs: answered.wall - start.wall,
    importCpuMs: loaded.cpu - start.cpu,
    totalCpuMs: answered.cpu - start.cpu,
  };
}
