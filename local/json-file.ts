import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values by key that outlive the cloud, as far as it has a directory. */
export interface JsonFile<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Opens a file of values; only its owner may read it.
 * @param directory where it is kept; in memory without one
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
      // A crash while writing must not lose the file.
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
