import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  NodejsFunction,
  type NodejsFunctionProps,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Settings } from '../../lambdas/functions/settings.ts';
import { functionBundle, handlerOf, settingsDefined } from './function-bundle.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface HawiyaFunctionProps<Environment> extends NodejsFunctionProps {
  /** Folder in `lambdas/functions/` that holds `handler.ts`. */
  readonly flow: string;
  /** Typed from the flow's `env.ts`: a missing or misspelt variable does not compile. */
  readonly environment: Environment & Record<string, string>;
  /** The stage's settings. The bundle holds those that the flow's `env.ts` names. */
  readonly settings: Settings;
  /** All permissions of the function besides writing its own log. */
  readonly permissions: PolicyStatement[];
  readonly logRetentionDays: RetentionDays;
  /** Keeps the log when the stack is deleted: NCA ECC-2 requires logs for 12 months. */
  readonly retainLog: boolean;
}

/** A Lambda function with this project's defaults: Node 24, ESM, minified, a role with least privilege. */
export class HawiyaFunction<Environment> extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HawiyaFunctionProps<Environment>) {
    const { flow, settings, permissions, logRetentionDays, retainLog, ...given } = props;
    requirePlainJson(settings);
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
      entry: handlerOf(flow),
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      timeout: Duration.seconds(10),
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      awsSdkConnectionReuse: false,
      ...given,
      environment: { ...given.environment },
      bundling: {
        ...bundling(settings),
        ...given.bundling,
      },
    });
    this.node.addValidation({ validate: () => tooLarge(flow, given.environment) });
  }
}

/** {@link functionBundle} in the CDK's words. The CDK adds `--bundle` and `--platform=node`. */
function bundling(settings: Settings): BundlingOptions {
  const { target, minify, mainFields, alias } = functionBundle;
  const aliases = Object.entries(alias).map(([from, to]) => [`--alias:${from}`, to]);
  return {
    format: OutputFormat.ESM,
    target,
    minify,
    mainFields,
    bundleAwsSDK: true,
    define: settingsDefined(settings),
    esbuildArgs: Object.fromEntries(aliases),
  };
}

/**
 * The bundle is made at synthesis, when a CDK token still stands for a value that only the deployment knows.
 * @throws Error that names the setting with a token
 */
function requirePlainJson(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!holdsToken(value)) continue;
    throw new Error(
      `The setting ${name} holds a value that only the deployment knows: pass it in the environment`,
    );
  }
}

function holdsToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some((entry) => entry.some(holdsToken));
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
