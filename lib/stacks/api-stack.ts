import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  LambdaIntegration,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { routes, serviceScope, subscriberScopes } from '#core/model/routes.ts';
import type { StageConfig } from '../config/stage-config.ts';
import { methodsOf, methodThrottles, sumOf, type Throttle } from '../config/throttles.ts';
import { FlowFunctions } from '../constructs/flow-functions.ts';
import { addPreflights } from '../constructs/preflights.ts';
import { addProblemResponses } from '../constructs/problem-responses.ts';
import { addRelyingClients } from '../constructs/relying-clients.ts';
import { requestModels } from '../constructs/request-models.ts';
import { SecurityEvents } from '../constructs/security-events.ts';
import { SmsOutbox } from '../constructs/sms-outbox.ts';
import { addSmsReceipts } from '../constructs/sms-receipts.ts';
import type { DataStack } from './data-stack.ts';
import type { IdentityStack } from './identity-stack.ts';

interface ApiStackProps extends StackProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  readonly identity: IdentityStack;
}

/**
 * Settings of one method, or of all that have none of their own. A method's own settings replace those of the stage, so
 * each repeats what must hold for all.
 */
const methodSettings = ({ ratePerSecond, burst }: Throttle): MethodDeploymentOptions => ({
  throttlingRateLimit: ratePerSecond,
  throttlingBurstLimit: burst,
  // Bodies hold passwords and codes, so the gateway must never log them. Execution logs are off entirely, because their
  // line about a refused body quotes it.
  dataTraceEnabled: false,
  loggingLevel: MethodLoggingLevel.OFF,
});

/** A throttle for each method, so that a flood of one call leaves the others open. The stage takes their sum. */
function throttledMethods(config: StageConfig): Record<string, MethodDeploymentOptions> {
  return Object.fromEntries(
    Object.entries(methodThrottles(config)).map(([key, throttle]) => [
      key,
      methodSettings(throttle),
    ]),
  );
}

/** The REST API, the functions behind it, and the outbox that sends SMS. */
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
        ...methodSettings(sumOf(Object.values(methodThrottles(config)))),
        methodOptions: throttledMethods(config),
      },
    });
    addProblemResponses(this.api, config);

    const authorizer = new CognitoUserPoolsAuthorizer(this, 'Subscribers', {
      cognitoUserPools: [identity.userPool],
    });
    const relyingClients = addRelyingClients(this, identity.userPool, config);
    const parts = { config, data, identity, relyingClients };
    const functions = new FlowFunctions(this, 'Functions', parts);
    const checkBody = requestModels(this.api);
    // Without a scope the authorizer would require an ID token. With one, it accepts only an access token.
    const scopes = {
      subscriber: subscriberScopes[config.accessTokenScope],
      service: serviceScope,
    };
    const onlyWith = (scope: string) => ({
      authorizer,
      authorizationType: AuthorizationType.COGNITO,
      authorizationScopes: [scope],
    });
    for (const route of routes) {
      const resource = this.api.root.resourceForPath(route.path);
      const flow = functions.byFlow[route.flow];
      const options = { ...checkBody(route), ...(route.token && onlyWith(scopes[route.token])) };
      for (const method of methodsOf(route)) {
        resource.addMethod(
          method,
          new LambdaIntegration(flow, { allowTestInvoke: false }),
          options,
        );
      }
    }
    if (config.appOrigins.length > 0) addPreflights(this.api, functions.byFlow.information);

    addSmsReceipts(functions, { config, data, api: this.api });
    const { table, keySecrets, providerSecret } = data;
    new SmsOutbox(this, 'Sms', { config, table, keySecrets, providerSecret });
    new SecurityEvents(this, 'Events', { config, data });
    new CfnOutput(this, 'ApiUrl', { value: this.api.url });
  }
}
