import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  LambdaIntegration,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { StageConfig } from './config.ts';
import { FlowFunctions } from './constructs/flow-functions.ts';
import { addProblemResponses } from './constructs/problem-responses.ts';
import { SecurityEvents } from './constructs/security-events.ts';
import { SmsOutbox } from './constructs/sms-outbox.ts';
import { addSmsReceipts } from './constructs/sms-receipts.ts';
import type { DataStack } from './data-stack.ts';
import type { IdentityStack } from './identity-stack.ts';
import { routes } from './routes.ts';

interface ApiStackProps extends StackProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly identity: IdentityStack;
}

/** The REST API, the functions behind it, and the outbox the SMS leave by. */
export class ApiStack extends Stack {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, { config, data, identity, ...props }: ApiStackProps) {
    super(scope, id, props);

    this.api = new RestApi(this, 'Api', {
      restApiName: this.stackName,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: config.throttle.ratePerSecond,
        throttlingBurstLimit: config.throttle.burst,
        // Bodies hold passwords and codes: the gateway never logs them.
        dataTraceEnabled: false,
      },
    });
    addProblemResponses(this.api, config.portalHost);

    const authorizer = new CognitoUserPoolsAuthorizer(this, 'Subscribers', {
      cognitoUserPools: [identity.userPool],
    });
    const functions = new FlowFunctions(this, 'Functions', { config, data, identity });
    for (const { method, path, flow, bearer } of routes) {
      this.api.root.resourceForPath(path).addMethod(
        method,
        new LambdaIntegration(functions.byFlow[flow], { allowTestInvoke: false }),
        bearer && {
          authorizer,
          authorizationType: AuthorizationType.COGNITO,
          // Without a scope the authorizer would want an ID token; with it, only an access token opens.
          authorizationScopes: ['aws.cognito.signin.user.admin'],
        },
      );
    }

    addSmsReceipts(functions, { config, data, api: this.api });
    const { table, secret, providerSecret } = data;
    new SmsOutbox(this, 'Sms', { config, table, secret, providerSecret });
    new SecurityEvents(this, 'Events', { config, data });
    new CfnOutput(this, 'ApiUrl', { value: this.api.url });
  }
}
