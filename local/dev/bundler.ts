import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildContext, type BuildOptions, context, type Metafile } from 'esbuild';
import type { Settings } from '../../lambdas/functions/settings.ts';
import { bundleOptions, handlerOf } from '../../lib/bundles/function-bundles.ts';
import { type SourceFiles, sourceFilesOf } from './source-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Bundler {
  /** The directory of a function's bundle, `index.mjs`. */
  directoryOf(functionName: string): string;
  /** The files that the newest bundle of each function is made of. */
  readonly sourceFiles: SourceFiles;
  /**
   * Bundles functions, and writes those whose code has changed.
   * @returns names of the functions whose bundle changed
   * @throws BuildFailure of esbuild; then no bundle is written
   */
  bundle(functionNames: readonly string[]): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * Bundles functions as the CDK does, and adds source maps.
 * @param directory gets one folder for each function
 * @param settings of the stage that runs
 */
export function openBundler(directory: string, settings: Settings): Bundler {
  const sourceFiles = new Map<string, ReadonlySet<string>>();
  const written = new Map<string, string>();
  let latest: { readonly names: string; readonly build: BuildContext } | undefined;

  /**
   * Only the latest context is kept: mostly a developer changes the same function again. The memory of one context for
   * each function would be 2 GB.
   */
  async function contextFor(functionNames: readonly string[]): Promise<BuildContext> {
    const names = functionNames.join();
    if (latest?.names !== names) {
      await latest?.build.dispose();
      latest = undefined;
      latest = { names, build: await context(devBuild(functionNames, directory, settings)) };
    }
    return latest.build;
  }

  return {
    directoryOf: (functionName) => join(directory, functionName),
    sourceFiles,
    async bundle(functionNames) {
      if (functionNames.length === 0) return [];
      const build = await contextFor(functionNames);
      const { outputFiles = [], metafile } = await build.rebuild();
      const changed = new Set<string>();
      for (const { path, contents, hash } of outputFiles) {
        if (written.get(path) === hash) continue;
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, contents);
        written.set(path, hash);
        changed.add(relative(directory, dirname(path)));
      }
      for (const name of functionNames) {
        sourceFiles.set(name, sourceFilesOf(metafile as Metafile, relative(root, handlerOf(name))));
      }
      return functionNames.filter((name) => changed.has(name));
    },
    async stop() {
      await latest?.build.dispose();
    },
  };
}

/** The deployed bundles, with source maps. */
export function devBuild(
  functionNames: readonly string[],
  outdir: string,
  settings: Settings,
): BuildOptions {
  return {
    ...bundleOptions(functionNames, outdir, settings),
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    write: false,
  };
}
