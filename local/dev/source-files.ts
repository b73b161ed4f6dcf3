import type { Metafile } from 'esbuild';

/** Paths of the files that each function is made of, from the root of the repository. */
export type SourceFiles = ReadonlyMap<string, ReadonlySet<string>>;

/** Folders and files that the running cloud was made of when it started. */
const ofTheCloud = /^(lib|local)\/|^(cdk\.json|docs\/openapi\.json|package-lock\.json)$/;

export interface Change {
  /** Functions to bundle again. */
  readonly functions: string[];
  /** Files that take effect only with the next start. */
  readonly needRestart: string[];
}

/**
 * What to do about changed files.
 * @param paths from the root of the repository
 */
export function changeOf(paths: readonly string[], sourceFiles: SourceFiles): Change {
  const names = [...sourceFiles.keys()];
  return {
    functions: names.filter((name) => paths.some((path) => sourceFiles.get(name)?.has(path))),
    needRestart: paths.filter((path) => ofTheCloud.test(path)),
  };
}

/**
 * The files that an entry point imports, directly or not. The list of an output lacks files of which nothing is left
 * in the bundle, and a change may bring them back.
 */
export function sourceFilesOf({ inputs }: Pick<Metafile, 'inputs'>, entry: string): Set<string> {
  const found = new Set([entry]);
  // A set's iterator also visits what is added on the way.
  for (const path of found) {
    for (const imported of inputs[path]?.imports ?? []) {
      if (!imported.external) found.add(imported.path);
    }
  }
  return found;
}
