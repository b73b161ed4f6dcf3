import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import type { Settings } from '../../lambdas/functions/settings.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * How every function is bundled, in esbuild's words, besides the stage's settings. The deployed functions, `npm run dev` and `npm run stack-trace` take
 * it from here, so that their bundles are equal byte for byte.
 */
export const functionBundle = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  // Functions take credentials only from their environment. The default chain (SSO, INI, IMDS, STS) is a third of the
  // SDK's bundle and never runs on Lambda (docs/decisions/0007).
  alias: {
    '@aws-sdk/credential-provider-node': `${root}lambdas/adapters/environment-credentials.ts`,
  },
} satisfies BuildOptions;

/**
 * What esbuild puts in place of each `SETTINGS.<NAME>`: JSON in a literal. With objects, esbuild finds worse short names
 * for everything else in the bundle.
 */
export function settingsDefined(settings: Settings): Record<string, string> {
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

/** Path of the file that a function's bundle starts from. */
export function handlerOf(flow: string): string {
  return `${root}lambdas/functions/${flow}/handler.ts`;
}
