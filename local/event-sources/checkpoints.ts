import { type JsonFile, openJsonFile } from '../json-file.ts';

/** How far each shard of each event source is delivered: sequence numbers by `<mapping>/<shard>`. */
export type Checkpoints = JsonFile<string>;

/**
 * Lambda remembers how far it got; without this a restart would deliver a day's records again.
 * @param directory where they are kept; in memory without one
 */
export function openCheckpoints(directory?: string): Checkpoints {
  return openJsonFile('checkpoints.json', directory);
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
