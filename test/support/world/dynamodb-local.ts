import type { TestProject } from 'vitest/node';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb.ts';
import { openHttpClient } from '../../../local/http-client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Not provided to `npm run test:fast`, which runs the fakes alone. */
    dynamodbEndpoint: string | undefined;
    withoutDynamoDb: boolean | undefined;
  }
}

/** One DynamoDB Local for all the tests that need conditions to be real. */
export default async function setup(project: TestProject) {
  const http = openHttpClient();
  const dynamodb = await startDynamoDb(http);
  project.provide('dynamodbEndpoint', dynamodb.endpoint);
  return async () => {
    await dynamodb.stop();
    http.close();
  };
}
