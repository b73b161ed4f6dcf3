import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import type { Settings } from '../../lambdas/functions/settings.ts';
import { builtinModules } from './builtin-modules.ts';
import { leanSdk } from './lean-sdk.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const functionsFolder = `${root}lambdas/functions`;

/** Path of the file that a function's bundle starts from. */
export const handlerOf = (flow: string): string => `${functionsFolder}/${flow}/handler.ts`;

/** Names of all functions: the folders that hold a handler. A stage may deploy fewer. */
export const functionNames: readonly string[] = readdirSync(functionsFolder).filter((name) =>
  existsSync(handlerOf(name)),
);

/**
 * How functions are bundled. One build makes all of them: they share most files, which are then read once. The deployed
 * functions, `npm run dev` and `npm run stack-trace` take it from here, so that their bundles are equal byte for byte.
 * @param names of the functions; each gets a folder with `index.mjs`
 * @param outdir of these folders
 * @param settings of the stage. The bundle of a function holds those that its `env.ts` names.
 */
export function bundleOptions(
  names: readonly string[],
  outdir: string,
  settings: Settings,
): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: handlerOf(name), out: `${name}/index` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    mainFields: ['module', 'main'],
    define: settingsDefined(settings),
    plugins: [builtinModules, leanSdk],
    logLevel: 'silent',
  };
}

/**
 * Bundles all functions for a deployment.
 * @throws BuildFailure of esbuild, with the file and the line
 */
export async function bundleFunctions(settings: Settings, outdir: string): Promise<void> {
  await build(bundleOptions(functionNames, outdir, settings));
}

/**
 * What esbuild puts in place of each `SETTINGS.<NAME>`: JSON in a literal. With objects, esbuild finds worse short names
 * for everything else in the bundle.
 */
function settingsDefined(settings: Settings): Record<string, string> {
  const named = Object.entries(settingsAsJson(settings)).map(([name, json]) => [
    `SETTINGS.${name}`,
    JSON.stringify(json),
  ]);
  return Object.fromEntries(named);
}

/** The global `SETTINGS` that the functions' code names. */
export function settingsAsJson(settings: Settings): typeof SETTINGS {
  const named = Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]);
  return Object.fromEntries(named);
}
