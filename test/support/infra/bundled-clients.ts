/** What `test/infra/lean-sdk.test.ts` bundles: the parts of the SDK that a function uses, with answers of its own. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

export { totpCode, totpStep } from '../../../lambdas/core/crypto/totp.ts';

interface Request {
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes an item to a table that answers each try with the same error. */
export async function putAnsweredBy(errorName: string) {
  process.env['AWS_REGION'] = 'me-central-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  const requests: Request[] = [];
  const client = new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: {
      async handle(request: Request) {
        requests.push(request);
        const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${errorName}` });
        return { response: { statusCode: 400, headers: {}, body: Buffer.from(body) } };
      },
    } as never,
  });
  const put = new PutItemCommand({ TableName: 'table', Item: { pk: { S: 'a' } } });
  const error: Error = await client.send(put).then(
    () => new Error('the table took the item'),
    (reason) => reason,
  );
  return {
    error,
    isConditional: error instanceof ConditionalCheckFailedException,
    isOfService: error instanceof DynamoDBServiceException,
    tries: requests.length,
    authorization: requests[0]?.headers['authorization'] ?? '',
  };
}
