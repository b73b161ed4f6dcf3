import { join } from 'node:path';
import { Duration, RemovalPolicy, StringConcat, Tokenization } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundlesContext } from '../cdk-context.ts';

interface HawiyaFunctionProps<Environment> extends FunctionOptions {
  /** Folder in `lambdas/functions/` that holds `handler.ts`. */
  readonly flow: string;
  /** Typed from the flow's `env.ts`: a missing or misspelt variable does not compile. */
  readonly environment: Environment & Record<string, string>;
  /** All permissions of the function besides writing its own log. */
  readonly permissions: PolicyStatement[];
  readonly logRetentionDays: RetentionDays;
  /** Keeps the log when the stack is deleted: NCA ECC-2 requires logs for 12 months. */
  readonly retainLog: boolean;
}

/**
 * A Lambda function with this project's defaults: Node 24 on arm64, a role with least privilege. Its bundle is made before
 * the app is synthesised (`lib/bundles/function-bundles.ts`).
 */
export class HawiyaFunction<Environment> extends LambdaFunction {
  constructor(scope: Construct, id: string, props: HawiyaFunctionProps<Environment>) {
    const { flow, permissions, logRetentionDays, retainLog, ...given } = props;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: logRetentionDays,
      removalPolicy: retainLog ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // Not AWSLambdaBasicExecutionRole, which may write to every log group of the AWS account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    for (const statement of permissions) role.addToPolicy(statement);

    super(scope, id, {
      code: Code.fromAsset(join(scope.node.getContext(bundlesContext), flow)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      timeout: Duration.seconds(10),
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      ...given,
      environment: { ...given.environment },
    });
    this.node.addValidation({ validate: () => tooLarge(flow, given.environment) });
  }
}

/** Bytes, names included: Lambda's quota for all variables of a function. */
const environmentQuota = 4096;
/**
 * Assumed bytes of values that only the deployment knows: an ARN if it is the whole value, the id of an app client
 * inside a list.
 */
const [arn, clientId] = [128, 26];

/** Reported at synthesis. At deployment, the error would roll back the whole update half-way through. */
function tooLarge(flow: string, environment: Readonly<Record<string, string>>): string[] {
  const sizes = Object.entries(environment)
    .map(([name, value]) => ({ name, bytes: name.length + bytesOf(value) }))
    .toSorted((a, b) => b.bytes - a.bytes);
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes <= environmentQuota) return [];
  return [
    `The environment of ${flow} has about ${bytes} bytes, and Lambda takes ${environmentQuota}: shorten the configuration in ${sizes[0]?.name}`,
  ];
}

function bytesOf(value: string): number {
  // An empty value has no parts to join.
  if (value === '') return 0;
  const parts = Tokenization.reverseString(value);
  const token = 'x'.repeat(parts.length === 1 ? arn : clientId);
  const told: string = parts.mapTokens({ mapToken: () => token }).join(new StringConcat());
  return Buffer.byteLength(told);
}
