import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };

describe('the feature flags of cdk.json', () => {
  it('are all that the installed CDK recommends, with its values: an upgrade shows its new ones here', () => {
    expect(Object.keys(recommended).length).toBeGreaterThan(80);
    expect(cdk.context).toEqual(recommended);
  });
});
