/**
 * `npm run --silent stack-trace -- FUNCTION < log.txt`: prints a log with the TypeScript file and line in place of each
 * position in the function's bundle. Source maps are not deployed: the bundle of a commit is always the same, so its map
 * is made again from the checkout.
 */
import { existsSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { handlerOf } from '../../lib/constructs/function-bundle.ts';
import { devBuild } from '../../local/dev/bundler.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface MappedBundle {
  readonly code: string;
  readonly map: SourceMap;
}

/**
 * Bundles a function as it deploys.
 * @param functionName such as `registration`
 * @throws Error if there is no such function, or it does not bundle
 */
export async function mappedBundle(functionName: string): Promise<MappedBundle> {
  if (!existsSync(handlerOf(functionName))) throw new Error(`No function ${functionName}`);
  const { outputFiles = [] } = await build(devBuild([functionName], root));
  const [map, code] = ['.map', '.mjs'].map(
    (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '',
  );
  return { code: code ?? '', map: new SourceMap(JSON.parse(map ?? '')) };
}

/** Replaces positions in `index.mjs` by those of the sources, as paths from the root of the repository. */
export function readable(log: string, functionName: string, { code, map }: MappedBundle): string {
  const folder = dirname(join(root, functionName, 'index.mjs'));
  const widths = code.split('\n').map(({ length }) => length);
  return log.replace(/[^\s()"]*index\.mjs:(\d+):(\d+)/g, (position, line, column) => {
    // The log of another commit may name positions that this bundle does not have.
    if (column > (widths[line - 1] ?? 0)) return position;
    const entry = map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry)) return position;
    const path = relative(root, resolve(folder, entry.originalSource));
    return `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const name = process.argv[2];
    if (!name)
      throw new Error('Which function? npm run --silent stack-trace -- registration < log.txt');
    process.stdout.write(readable(await text(process.stdin), name, await mappedBundle(name)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
