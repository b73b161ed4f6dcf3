import { fileURLToPath } from 'node:url';
import cdk from '../cdk.json' with { type: 'json' };

/** Name of the context value that holds the directory of the functions' bundles. */
export const bundlesContext = 'hawiya:bundles';

/**
 * Stands in for the bundles where only templates are wanted: code does not change a template. It has a folder for each
 * function, as the bundles' directory has.
 */
const sources = fileURLToPath(new URL('../lambdas/functions', import.meta.url));

/**
 * The context of `cdk.json`, mostly feature flags, for a synthesis without the CDK command.
 * @param bundles directory of the functions' bundles; without one, the assets hold the functions' sources
 */
export function cdkContext(bundles = sources): Record<string, unknown> {
  return { ...cdk.context, [bundlesContext]: bundles };
}
