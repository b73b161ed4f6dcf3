import { Aws, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * A name for what CloudFront keeps once for the whole AWS account. It ends with the region, so that a stage can stand in
 * two regions of one account; the CDK's own names mostly do not.
 * @param id 16 characters at most: the shortest limit for the whole name is 64
 */
export const edgeName = (scope: Construct, id: string): string =>
  `${Stack.of(scope).stackName}-${id}-${Aws.REGION}`;
