import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How far each shard of each event source is delivered: sequence numbers by `<mapping>/<shard>`. */
export interface Checkpoints {
  get(key: string): string | undefined;
  set(key: string, sequenceNumber: string): void;
}

/**
 * Lambda remembers how far it got; without this a restart would deliver a day's records again.
 * @param directory where they are kept; in memory without one
 */
export function openCheckpoints(directory?: string): Checkpoints {
  const file = directory && join(directory, 'checkpoints.json');
  const known: Record<string, string> = file ? read(file) : {};
  if (directory) mkdirSync(directory, { recursive: true });
  return {
    get: (key) => known[key],
    set(key, sequenceNumber) {
      known[key] = sequenceNumber;
      if (!file) return;
      // A crash while writing must not lose the file.
      writeFileSync(`${file}.new`, JSON.stringify(known));
      renameSync(`${file}.new`, file);
    },
  };
}

/** Tells up to where all records of a shard are done, however many are in flight. */
export function trackProgress(started: string | undefined) {
  const before = new Map<string, string | undefined>();
  let last = started;
  return {
    add(sequenceNumber: string) {
      before.set(sequenceNumber, last);
      last = sequenceNumber;
    },
    /** @returns the last sequence number that is done, with all before it */
    done(sequenceNumbers: string[]): string | undefined {
      for (const sequenceNumber of sequenceNumbers) before.delete(sequenceNumber);
      const [oldest] = before;
      return oldest ? oldest[1] : last;
    },
  };
}

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
