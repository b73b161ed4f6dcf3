/**
 * `npm run --silent stack-trace -- FUNCTION --stage NAME < log.txt`: prints a log with the TypeScript file and line in
 * place of each position in the function's bundle. Source maps are not deployed: the bundle of a commit and stage is always
 * the same, so its map is made again from the checkout.
 */
import { existsSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { handlerOf } from '../../lib/bundles/function-bundles.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import type { StageConfig } from '../../lib/config/stage-config.ts';
import { stageNamed } from '../../lib/config/stages/index.ts';
import { devBuild } from '../../local/dev/bundler.ts';

const usage = 'npm run --silent stack-trace -- registration --stage prod < log.txt';
const root = fileURLToPath(new URL('../../', import.meta.url));

export interface MappedBundle {
  readonly code: string;
  readonly map: SourceMap;
}

/**
 * Bundles a function as it deploys.
 * @param functionName such as `registration`
 * @param config of the stage: its settings are in the bundle
 * @throws Error if there is no such function, or it does not bundle
 */
export async function mappedBundle(
  functionName: string,
  config: StageConfig,
): Promise<MappedBundle> {
  if (!existsSync(handlerOf(functionName))) throw new Error(`No function ${functionName}`);
  const { outputFiles = [] } = await build(
    devBuild([functionName], root, functionSettings(config)),
  );
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
    const { values, positionals } = parseArgs({
      options: { stage: { type: 'string' } },
      allowPositionals: true,
    });
    const [name] = positionals;
    if (!name || !values.stage) throw new Error(`Which function and stage? ${usage}`);
    const bundle = await mappedBundle(name, stageNamed(values.stage));
    process.stdout.write(readable(await text(process.stdin), name, bundle));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
