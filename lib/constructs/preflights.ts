import { AwsIntegration, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { callPaths } from '#core/model/routes.ts';

/**
 * Has one function answer the preflights of every call (docs/decisions/0044). One permission is for all of them, in place
 * of one for each path. A mapping template of API Gateway could answer as well; but then what runs locally
 * would not be what decides.
 */
export function addPreflights(api: RestApi, answering: IFunction): void {
  for (const path of callPaths) {
    const integration = new AwsIntegration({
      service: 'lambda',
      proxy: true,
      path: `2015-03-31/functions/${answering.functionArn}/invocations`,
    });
    api.root.resourceForPath(path).addMethod('OPTIONS', integration);
  }
  answering.addPermission('Preflights', {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: api.arnForExecuteApi('OPTIONS', '/*', api.deploymentStage.stageName),
  });
}
