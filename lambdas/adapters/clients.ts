import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { attemptMs, limitTime, type Timed } from './call-time.ts';

/** `limitTime` sets how long an attempt waits for its answer. */
const bounded = {
  maxAttempts: attemptMs.length,
  requestHandler: { connectionTimeout: 1000, throwOnRequestTimeout: true },
};

/**
 * One client of each kind in a function, whatever calls by it. Clients do not share connections: with several of them, a
 * cold start would open as many TLS connections to one service. The annotation lets esbuild drop the clients that a
 * function does not use.
 */
// @__NO_SIDE_EFFECTS__
function once<Client extends Timed>(open: () => Client): () => Client {
  let client: Client | undefined;
  return () => {
    client ??= limitTime(open());
    return client;
  };
}

/**
 * Composes each command's middleware once and not at each call: a quarter of a call's CPU. What is kept holds the first
 * command of its kind. So the clients whose commands carry passwords and secrets do without.
 */
export const dynamoClient = once(() => new DynamoDBClient({ ...bounded, cacheMiddleware: true }));
/** Two attempts: while the directory is in trouble, its circuit and the caller's own retry take over. */
export const cognitoClient = once(
  () => new CognitoIdentityProviderClient({ ...bounded, maxAttempts: 2 }),
);
/**
 * One attempt only, for calls that count as tries: Cognito may have counted a password whose answer was lost. Each call
 * has a fresh connection: a kept one may have died while the sandbox was frozen, and there is no second attempt.
 */
export const cognitoPasswordClient = once(
  () =>
    new CognitoIdentityProviderClient({
      maxAttempts: 1,
      requestHandler: {
        ...bounded.requestHandler,
        httpAgent: { keepAlive: false },
        httpsAgent: { keepAlive: false },
      },
    }),
);
export const eventBridgeClient = once(() => new EventBridgeClient(bounded));
/** Two attempts, because the caller's own retry takes over. */
export const kmsClient = once(() => new KMSClient({ ...bounded, maxAttempts: 2 }));
export const secretsClient = once(() => new SecretsManagerClient(bounded));
/** One try only: a publish whose answer was lost has been sent and billed. The outbox decides whether to send again. */
export const snsClient = once(() => new SNSClient({ ...bounded, maxAttempts: 1 }));
/**
 * Calls the client's own endpoint. By default the SDK prefers a queue's URL to AWS_ENDPOINT_URL, and a local function
 * would call AWS.
 * A message whose answer was lost may be in the queue twice. SQS delivers at least once anyway.
 */
export const sqsClient = once(() => new SQSClient({ ...bounded, useQueueUrlAsEndpoint: false }));
