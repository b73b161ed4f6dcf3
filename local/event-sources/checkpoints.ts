import { type JsonFile, openJsonFile } from '../json-file.ts';

/** The last delivered sequence number of each shard, by `<mapping>/<shard>`. */
export type Checkpoints = JsonFile<string>;

/**
 * Opens the checkpoints. Without them, a restart would deliver the records of a day again.
 * @param directory keeps them between runs; without one they are in memory
 */
export function openCheckpoints(directory?: string): Checkpoints {
  return openJsonFile('checkpoints.json', directory);
}

/** Tracks up to which record a shard is completely delivered, while batches run in parallel. */
export function trackProgress(started: string | undefined) {
  const before = new Map<string, string | undefined>();
  let last = started;
  return {
    add(sequenceNumber: string) {
      before.set(sequenceNumber, last);
      last = sequenceNumber;
    },
    /** @returns the last sequence number up to which every record is done */
    done(sequenceNumbers: string[]): string | undefined {
      for (const sequenceNumber of sequenceNumbers) before.delete(sequenceNumber);
      const [oldest] = before;
      return oldest ? oldest[1] : last;
    },
  };
}
