/**
 * The limits of what a server in Node can do here, in a process of its own. Sends its address.
 * `GET /empty` answers at once. `POST /memory` derives a code by HMAC, compares it and updates a map.
 * `POST /table` does the same with one conditional update of an item in DynamoDB.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb.ts';
import { openHttpClient } from '../../../local/http-client.ts';
import { createShutdown } from '../../../local/shutdown.ts';

const TableName = 'limit';
const key = 'a key of 32 bytes for the limits';
const shutdown = createShutdown();
const http = openHttpClient();
shutdown.add(() => http.close());
const dynamodb = await shutdown.addStarted(startDynamoDb(http));
await dynamodb.call('DynamoDB_20120810.CreateTable', {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
});
const verified = new Set<string>();

const server = createServer(async (request, response) => {
  if (request.url === '/empty') {
    response.end('{}');
    return;
  }
  const { id, code } = JSON.parse(await text(request)) as { id: string; code: string };
  const right = isRight(id, code);
  const first = right && (request.url === '/memory' ? inMemory(id) : await inTable(id));
  response.statusCode = first ? 200 : 400;
  response.end(JSON.stringify({ verified: first }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
process.once('disconnect', async () => {
  await shutdown.run();
  process.exit();
});

/** The client sends the first six digits of the id as its code; they stand for the HMAC’s own. */
function isRight(id: string, code: string): boolean {
  const digest = createHmac('sha256', key).update(id).digest();
  const expected = createHmac('sha256', digest).update(id.slice(0, 6)).digest();
  return timingSafeEqual(expected, createHmac('sha256', digest).update(code).digest());
}

function inMemory(id: string): boolean {
  if (verified.has(id)) return false;
  verified.add(id);
  return true;
}

async function inTable(id: string): Promise<boolean> {
  try {
    await dynamodb.call('DynamoDB_20120810.UpdateItem', {
      TableName,
      Key: { pk: { S: id } },
      UpdateExpression: 'SET verified = :yes',
      ConditionExpression: 'attribute_not_exists(verified)',
      ExpressionAttributeValues: { ':yes': { BOOL: true } },
    });
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
