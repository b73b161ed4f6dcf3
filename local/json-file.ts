import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values by key. They outlive the cloud if it has a data directory. */
export interface JsonFile<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Opens a file of values that only its owner may read.
 * @param directory keeps the file; without one the values are in memory
 */
export function openJsonFile<Value>(name: string, directory?: string): JsonFile<Value> {
  const file = directory && join(directory, name);
  const known: Record<string, Value> = file ? read(file) : {};
  if (directory) mkdirSync(directory, { recursive: true });
  return {
    get: (key) => known[key],
    set(key, value) {
      known[key] = value;
      if (!file) return;
      // Write a new file and rename it: a crash while writing must not lose the old one.
      writeFileSync(`${file}.new`, JSON.stringify(known), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

function read<Value>(file: string): Record<string, Value> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Value>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
