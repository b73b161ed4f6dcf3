/** Functions that the tests of the local cloud deploy: plain modules that need no bundling. */
import * as cognito from '@aws-sdk/client-cognito-identity-provider';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { sqsClient } from '../../../../lambdas/adapters/clients.ts';

const options = {
  maxAttempts: 1,
  credentials: {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  },
};
const clients = {
  cognito: [new cognito.CognitoIdentityProviderClient(options), cognito],
  dynamodb: [new dynamodb.DynamoDBClient(options), dynamodb],
  secrets: [new secrets.SecretsManagerClient(options), secrets],
  sns: [new sns.SNSClient(options), sns],
  // The app's own client: the SDK's would call AWS, whose name is in a queue's URL.
  sqs: [sqsClient(), sqs],
};

/**
 * Makes one AWS call: `{service, operation, input}` → `{output}` or `{error: {name, message,
 * status}}`.
 */
export async function call({ service, operation, input }) {
  const [client, commands] = clients[service];
  try {
    const output = await client.send(new commands[`${operation}Command`](input));
    delete output.$metadata;
    return { output };
  } catch ({ name, message, $metadata }) {
    return { error: { name, message, status: $metadata?.httpStatusCode } };
  }
}

/** Waits `milliseconds`, then returns its environment and context. */
export async function wait({ milliseconds = 0 }, context) {
  console.log('waiting', milliseconds);
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return { environment: process.env, context, left: context.getRemainingTimeInMillis() };
}

/**
 * Writes its records to its log, then fails the items whose `poison` is set; `slow` ones take half
 * a second.
 */
export async function consume({ Records }) {
  console.log({ received: Records.map(({ dynamodb }) => dynamodb.Keys.pk.S), first: Records[0] });
  const slow = Records.some(({ dynamodb }) => dynamodb.NewImage.slow);
  await new Promise((resolve) => setTimeout(resolve, slow ? 500 : 0));
  const failed = Records.filter(({ dynamodb }) => dynamodb.NewImage.poison);
  const identifiers = failed.map(({ dynamodb }) => dynamodb.SequenceNumber);
  return { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Writes its messages to its log, then fails those that say `poison`; one that says `crash` ends
 * the process.
 */
export async function work({ Records }) {
  console.log({ jobs: Records });
  if (Records.some(({ body }) => body.includes('crash'))) throw new Error('crashed');
  const failed = Records.filter(({ body }) => body.includes('poison'));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
