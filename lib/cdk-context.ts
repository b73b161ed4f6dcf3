import cdk from '../cdk.json' with { type: 'json' };

/**
 * The context of `cdk.json`, mostly feature flags, for a synthesis without the CDK command.
 * @param bundled whether the functions are bundled. Otherwise their directories hold no code, and templates are the same.
 */
export function cdkContext(bundled: boolean): Record<string, unknown> {
  return { ...cdk.context, 'aws:cdk:bundling-stacks': bundled ? ['**'] : [] };
}
