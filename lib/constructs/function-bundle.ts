import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * How every function is bundled, in esbuild's words. The deployed functions, `npm run dev` and `npm run stack-trace` take
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

/** Path of the file that a function's bundle starts from. */
export function handlerOf(flow: string): string {
  return `${root}lambdas/functions/${flow}/handler.ts`;
}
