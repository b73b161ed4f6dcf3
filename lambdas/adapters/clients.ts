import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * A call that hangs must fail while the function still has time to answer: three tries within the 10 seconds
 * a function may run.
 */
const bounded = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2500, throwOnRequestTimeout: true },
};

export const dynamoClient = () => new DynamoDBClient(bounded);
export const cognitoClient = () => new CognitoIdentityProviderClient(bounded);
export const eventBridgeClient = () => new EventBridgeClient(bounded);
export const secretsClient = () => new SecretsManagerClient(bounded);
/** One try: a publish whose answer was lost has been sent and billed; the outbox decides about another. */
export const snsClient = () => new SNSClient({ ...bounded, maxAttempts: 1 });
/**
 * To the service's own endpoint: a queue's URL would go before AWS_ENDPOINT_URL, and a local function would call AWS.
 * A message whose answer was lost may be in the queue twice; SQS promises no less.
 */
export const sqsClient = () => new SQSClient({ ...bounded, useQueueUrlAsEndpoint: false });
