import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { bundleOptions, functionNames } from '../../lib/bundles/function-bundles.ts';
import { functionSettings } from '../../lib/config/function-settings.ts';
import { benchStage } from './stage.ts';

/** Functions that `prod` does not deploy: it has Cognito's own scope, and no provider with receipts. */
const absent = ['sms-receipts', 'token-scope'];

/** Names of the functions that `prod` deploys. */
export const deployedNames = functionNames.filter((name) => !absent.includes(name));

export interface Bundles {
  /** Path of a function's bundle. */
  pathOf(functionName: string): string;
  /** What esbuild says of the files it wrote. */
  readonly metafile: Metafile;
}

/** The bundles as they deploy. */
export async function deployedBundles(outdir: string): Promise<Bundles> {
  return bundled(bundleOptions(deployedNames, outdir, functionSettings(benchStage)), outdir);
}

/**
 * The same code as `new NodejsFunction(scope, id, { entry, bundling: { format: ESM, bundleAwsSDK: true, minify: true,
 * mainFields: ['module', 'main'] } })` bundles it. Without these main fields, the CDK's default for ESM does not run:
 * CommonJS packages would call a `require` that an ES module does not have.
 */
export async function usualBundles(outdir: string): Promise<Bundles> {
  const ours = bundleOptions(deployedNames, outdir, functionSettings(benchStage));
  const { absWorkingDir, entryPoints, outExtension, define } = ours;
  const usual: BuildOptions = {
    absWorkingDir,
    entryPoints,
    outdir,
    outExtension,
    define,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  };
  return bundled(usual, outdir);
}

/**
 * The same code with no bundling option but `bundleAwsSDK`: CommonJS that is not minified, from the packages' CommonJS
 * where they have it.
 */
export async function defaultBundles(outdir: string): Promise<Bundles> {
  const ours = bundleOptions(deployedNames, outdir, functionSettings(benchStage));
  const { absWorkingDir, entryPoints, define } = ours;
  const defaults: BuildOptions = {
    absWorkingDir,
    entryPoints,
    outdir,
    outExtension: { '.js': '.cjs' },
    define,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'silent',
  };
  return bundled(defaults, outdir, '.cjs');
}

async function bundled(
  options: BuildOptions,
  outdir: string,
  extension = '.mjs',
): Promise<Bundles> {
  const { metafile } = await build({ ...options, metafile: true });
  return { pathOf: (name) => join(outdir, name, `index${extension}`), metafile };
}

/** A handler that does nothing: what every function costs before its first line. @returns the path of its bundle */
export async function emptyBundle(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'index.mjs');
  await writeFile(path, 'export const handler = async () => ({ statusCode: 200 });\n');
  return path;
}
