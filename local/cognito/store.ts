import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataStore } from 'cognito-local/lib/services/dataStore/dataStore.js';
import type { DataStoreFactory } from 'cognito-local/lib/services/dataStore/factory.js';

type Tree = Record<string, unknown>;

/** cognito-local's stores, one JSON file each. `flush` resolves when all changes are on disk. */
export interface Stores extends DataStoreFactory {
  flush(): Promise<void>;
}

/**
 * Opens the directory of the JSON files, which have the format of cognito-local's own store. The
 * directory is created if missing.
 *
 * This replaces cognito-local's store for three reasons. There, parallel saves write the same file
 * at once; a crash while writing loses the pool; and a user named `constructor` seems to exist
 * already.
 */
export async function openStores(directory: string): Promise<Stores> {
  await mkdir(directory, { recursive: true });
  const unsaved = new Map<string, Tree>();
  let writing: Promise<void> = Promise.resolve();

  async function write() {
    for (const [file, tree] of [...unsaved]) {
      unsaved.delete(file);
      try {
        await replaceFile(file, JSON.stringify(tree));
      } catch (error) {
        unsaved.set(file, tree);
        throw error;
      }
    }
  }

  return {
    async create(_ctx, id, defaults) {
      const file = join(directory, `${id}.json`);
      const stored = await readTree(file);
      const tree = stored ?? { ...defaults };
      if (!stored) unsaved.set(file, tree);
      return dataStore(tree, () => unsaved.set(file, tree));
    },
    flush() {
      // A flush that waits behind another one finds nothing to write: parallel requests share
      // writes.
      writing = writing.catch(() => undefined).then(write);
      return writing;
    },
  };
}

function dataStore(tree: Tree, changed: () => void): DataStore {
  return {
    async get<T>(_ctx: unknown, key: string | string[], fallback?: T) {
      let value: unknown = tree;
      for (const part of [key].flat()) value = child(value, part);
      return (value ?? fallback ?? null) as T;
    },
    async getRoot<T>() {
      return tree as T;
    },
    async set(_ctx, key, value) {
      const [parent, last] = locate(tree, key);
      parent[last] = value;
      changed();
    },
    async delete(_ctx, key) {
      const [parent, last] = locate(tree, key);
      delete parent[last];
      changed();
    },
  };
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Reads own properties only: a username may equal an inherited property's name. */
function child(value: unknown, key: string): unknown {
  return isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/**
 * Finds or creates the object that holds the value at a path. Returns it and the path's last key.
 */
function locate(tree: Tree, key: string | string[]): [parent: Tree, last: string] {
  const path = [key].flat();
  const last = path.pop() ?? '';
  let parent = tree;
  for (const part of path) {
    const next = child(parent, part);
    const branch: Tree = isTree(next) ? next : {};
    parent[part] = branch;
    parent = branch;
  }
  return [parent, last];
}

async function readTree(file: string): Promise<Tree | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'), reviveDate);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function reviveDate(key: string, value: unknown): unknown {
  return key.endsWith('Date') && typeof value === 'string' ? new Date(value) : value;
}

/** Writes a new file and renames it, so that a crash leaves either the old or the new text. */
async function replaceFile(file: string, text: string) {
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
}
