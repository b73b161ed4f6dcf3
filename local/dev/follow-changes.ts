import { type BuildFailure, formatMessages } from 'esbuild';
import type { Bundler } from './bundler.ts';
import { changeOf } from './source-files.ts';

interface FollowOptions {
  readonly bundler: Pick<Bundler, 'bundle' | 'sourceFiles'>;
  /** Restarts a function with the code of its newest bundle. */
  readonly restart: (functionName: string) => Promise<void>;
  readonly print: (text: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Applies changed files to the running cloud.
 * @returns takes the paths of changed files, from the root of the repository
 */
export function followChanges({ bundler, restart, print, now }: FollowOptions) {
  /** Functions whose newest code does not bundle. */
  const broken = new Set<string>();

  async function apply(functionNames: readonly string[]): Promise<void> {
    if (functionNames.length === 0) return;
    const startedAt = now();
    try {
      const changed = await bundler.bundle(functionNames);
      for (const name of functionNames) broken.delete(name);
      await Promise.all(changed.map(restart));
      const seconds = ((now() - startedAt) / 1000).toFixed(1);
      if (changed.length > 0) print(`${listed(changed)}: bundled and restarted in ${seconds} s`);
      else print(`${listed(functionNames)}: bundled, and nothing has changed`);
    } catch (error) {
      for (const name of functionNames) broken.add(name);
      print(await problemsOf(error));
      print(`${listed(functionNames)}: not bundled; the code from before the error runs on`);
    }
  }

  return async (paths: string[]): Promise<void> => {
    const { functions, needRestart } = changeOf(paths, bundler.sourceFiles);
    if (needRestart.length > 0) {
      print(`${needRestart.join(', ')} changed: stop with Ctrl-C and start again to apply it`);
    }
    // Any file may repair a broken function, also one that was missing. Apart, so that it holds up no other function.
    const retried = paths.some((path) => path.startsWith('lambdas/')) ? [...broken] : [];
    await apply(functions.filter((name) => !broken.has(name)));
    await apply(retried);
  };
}

/** A change in the core concerns almost every function. */
const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.length} functions` : names.join(', ');

/** esbuild's messages, with file and line. */
async function problemsOf(error: unknown): Promise<string> {
  const { errors } = error as Partial<BuildFailure>;
  if (!errors) return error instanceof Error ? error.message : String(error);
  return (await formatMessages(errors, { kind: 'error', color: false })).join('\n').trim();
}
