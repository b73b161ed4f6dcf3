import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { basename, join } from 'node:path';

/** An editor saves a file in several steps, and a branch switch changes many files. */
const QUIET_MS = 60;

export interface WatchOptions {
  readonly root: string;
  /** Folders below the root, watched with everything in them. */
  readonly folders: readonly string[];
  /** Single files below the root. */
  readonly files: readonly string[];
  /** Gets paths from the root. Changes during a call are collected for the next one. */
  onChange(paths: string[]): Promise<void>;
}

/** Watches source files. @returns the function that stops it */
export function watchFiles({ root, folders, files, onChange }: WatchOptions): () => void {
  const { add, stop: stopCollecting } = collect(onChange);
  const watchers = new Map<string, FSWatcher>();

  /** Watches a folder, and the folders below it. Node's own `recursive` loses files that are replaced on Linux. */
  function watchTree(folder: string, onFile: (path: string) => void): void {
    watchFolder(folder, (name) => {
      const path = `${folder}/${name}`;
      onFile(path);
      forget(path);
      if (isFolder(join(root, path))) watchTree(path, onFile);
    });
    for (const name of foldersIn(folder)) watchTree(`${folder}/${name}`, onFile);
  }

  function watchFolder(folder: string, onName: (name: string) => void): void {
    const watcher = watch(join(root, folder), (_, name) => {
      if (name) onName(name);
    });
    // A deleted folder: its parent's watcher has told of it.
    watcher.on('error', () => watcher.close());
    watchers.set(folder, watcher);
  }

  /** Closes the watchers of a folder that was deleted or replaced. */
  function forget(folder: string): void {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue;
      watcher.close();
      watchers.delete(path);
    }
  }

  function foldersIn(folder: string): string[] {
    const path = join(root, folder);
    return isFolder(path) ? readdirSync(path).filter((name) => isFolder(join(path, name))) : [];
  }

  for (const folder of folders) watchTree(folder, add);
  // The folder and not the file: editors replace a file, and its watcher would stay with the old one.
  for (const folder of new Set(files.map(folderOf))) {
    watchFolder(folder, (name) => {
      const path = folder ? `${folder}/${name}` : name;
      if (files.includes(path)) add(path);
    });
  }
  return () => {
    stopCollecting();
    for (const watcher of watchers.values()) watcher.close();
  };
}

/** Calls `onChange` when it is quiet, never twice at the same time. */
function collect(onChange: WatchOptions['onChange']) {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  function schedule() {
    clearTimeout(timer);
    timer = setTimeout(flush, QUIET_MS);
  }

  async function flush() {
    if (busy || changed.size === 0) return;
    busy = true;
    const paths = [...changed].sort();
    changed.clear();
    try {
      await onChange(paths);
    } finally {
      busy = false;
      if (changed.size > 0) schedule();
    }
  }

  return {
    add(path: string) {
      if (isTemporary(path)) return;
      changed.add(path);
      schedule();
    },
    stop: () => clearTimeout(timer),
  };
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Swap and backup files of editors. */
const isTemporary = (path: string): boolean => /^[.#]|~$|\.sw\w$|^\d+$/.test(basename(path));
