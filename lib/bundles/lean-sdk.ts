import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Functions take credentials only from their environment. The default chain (SSO, INI, IMDS, STS) is a third of the
 * SDK's bundle and never runs on Lambda (docs/decisions/0007).
 */
const credentials = `${root}lambdas/adapters/environment-credentials.ts`;

/** Leaves out of the bundles what the AWS SDK carries and no function uses (docs/decisions/0041). */
export const leanSdk: Plugin = {
  name: 'lean-sdk',
  setup(bundle) {
    bundle.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: credentials,
    }));
  },
};
