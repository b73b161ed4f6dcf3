import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  StringAttribute,
  UserPool,
  type UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config/stage-config.ts';
import { HawiyaFunction } from '../constructs/hawiya-function.ts';

interface IdentityStackProps extends StackProps {
  readonly config: StageConfig;
}

const plans = {
  lite: FeaturePlan.LITE,
  essentials: FeaturePlan.ESSENTIALS,
  plus: FeaturePlan.PLUS,
};

/** The user pool. It keeps passwords, issues tokens to people and services, and knows neither phone nor national ID. */
export class IdentityStack extends Stack {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { config, ...props }: IdentityStackProps) {
    super(scope, id, props);

    this.userPool = new UserPool(this, 'UserPool', {
      featurePlan: plans[config.userPoolPlan],
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.NONE,
      // Marks the users that a registration created. A later registration may find and resume only those.
      customAttributes: { origin: new StringAttribute({ mutable: false }) },
      // Our own policy (lambdas/core/values/password.ts) is checked first and explains itself. This one is the safety
      // net.
      passwordPolicy: {
        minLength: config.limits.passwordLength,
        requireLowercase: false,
        requireUppercase: false,
        requireDigits: false,
        requireSymbols: false,
      },
      deletionProtection: config.retainData,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });

    if (config.accessTokenScope === 'hawiya') this.replaceScope(config);

    const { accessTokenMinutes, refreshTokenDays } = config.sessions;
    this.client = this.userPool.addClient('Client', {
      authFlows: { adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(accessTokenMinutes),
      idTokenValidity: Duration.minutes(accessTokenMinutes),
      refreshTokenValidity: Duration.days(refreshTokenDays),
      // An attribute that an access token may write shows up in the ID tokens that services read. So it may write next
      // to nothing.
      writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
      // No rotation here: this token never leaves Hawiya. A crash between Cognito's rotation and our write of the new
      // token would lose the session. The tokens that clients hold do rotate (docs/decisions/0017).
    });
    new CfnOutput(this, 'UserPoolId', { value: this.userPool.userPoolId });
    new CfnOutput(this, 'ClientId', { value: this.client.userPoolClientId });
  }

  /** People's access tokens get our scope in place of Cognito's. Its role may write its log and nothing else. */
  private replaceScope(config: StageConfig): void {
    const trigger = new HawiyaFunction<object>(this, 'token-scope', {
      flow: 'token-scope',
      environment: {},
      permissions: [],
      logRetentionDays: config.logRetentionDays,
      retainLog: config.retainData,
      // Cognito waits five seconds.
      timeout: Duration.seconds(4),
    });
    // The first version of the event whose answer reaches access tokens. The third would also run for services.
    const { PRE_TOKEN_GENERATION_CONFIG } = UserPoolOperation;
    this.userPool.addTrigger(PRE_TOKEN_GENERATION_CONFIG, trigger, LambdaVersion.V2_0);
  }
}
