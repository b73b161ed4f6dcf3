import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createChallengeStore } from '../../lambdas/adapters/dynamodb/challenge-store.ts';
import { createNoticeStore } from '../../lambdas/adapters/dynamodb/notice-store.ts';
import { authorise, parsePolicy } from '../../local/aws/iam.ts';
import { accessesOf } from '../../local/aws/iam-actions.ts';
import { statementsOf } from '../support/infra/iam-statements.ts';
import { synthesise } from '../support/infra/synth.ts';
import { aggregator, stageWith } from '../support/world/stage-with-provider.ts';

/**
 * What the webhook's role allows on the table as a whole: CloudFormation chooses the names of its
 * resources.
 */
const statements = statementsOf(synthesise(stageWith('qa', [aggregator()])), 'smsreceipts');
const role = {
  arn: 'role',
  statements: parsePolicy({ Statement: statements.map((s) => ({ ...s, Resource: '*' })) }, 'role'),
};
const table = {
  id: 'Table',
  tableName: 'people',
  arn: 'arn:people',
  partitionKey: 'pk',
  indexPartitionKeys: {},
};

function isAllowed(request: object, operation = 'UpdateItem'): boolean {
  const call = { service: 'dynamodb', operation, accessKeyId: undefined } as const;
  const accesses = accessesOf({ ...call, request: { ...request } }, [table]);
  return accesses.every((access) => authorise(role, access).allowed);
}

const dynamo = mockClient(DynamoDBClient);
const client = new DynamoDBClient({});
const stores = {
  challenge: createChallengeStore({ client, name: 'people' }),
  notice: createNoticeStore({ client, name: 'people' }),
};
const requests = () => dynamo.commandCalls(UpdateItemCommand).map(({ args }) => args[0].input);
beforeEach(() => {
  dynamo.reset();
});

describe('the role of the webhook', () => {
  it.each([
    ['delivered', 'challenge'],
    ['failed', 'challenge'],
    ['delivered', 'notice'],
    ['failed', 'notice'],
  ] as const)('allows every write of a receipt "%s" of a %s', async (delivery, kind) => {
    const refused = new ConditionalCheckFailedException({ message: '', $metadata: {} });
    dynamo.on(UpdateItemCommand).rejects(refused);
    await stores[kind].recordReceipt('hash', { sendNumber: 1, provider: 'agg', delivery, now: 1 });
    // A failure needs two writes: back into the outbox, and failed for good.
    expect(requests()).toHaveLength(delivery === 'failed' ? 2 : 1);
    for (const request of requests()) {
      expect(isAllowed(request)).toBe(true);
      expect(request).not.toHaveProperty('ReturnValues');
      expect(request).not.toHaveProperty('ReturnValuesOnConditionCheckFailure');
    }
  });

  const write = (attribute: string, more: object = {}) => ({
    TableName: 'people',
    Key: { pk: { S: 'challenge#x' }, sk: { S: 'challenge' } },
    UpdateExpression: 'SET #a = :v',
    ExpressionAttributeNames: { '#a': attribute },
    ExpressionAttributeValues: { ':v': {} },
    ...more,
  });

  it.each([
    'attempts',
    'phone',
    'phoneTag',
    'username',
    'ticketExpiresAt',
    'decoy',
    'usedBy',
    'uses',
    'verifiedBy',
    'accountTag',
    'addressTag',
    'earned',
    'keyVersion',
    'purpose',
  ])('cannot touch the attribute %s, nor use it in a condition', (attribute) => {
    expect(isAllowed(write('delivery'))).toBe(true);
    expect(isAllowed(write(attribute))).toBe(false);
    expect(isAllowed(write('delivery', { ConditionExpression: `${attribute} = :v` }))).toBe(false);
    expect(isAllowed(write('delivery', { UpdateExpression: `REMOVE ${attribute}` }))).toBe(false);
  });

  it('reads no item, and reaches no item of another kind', () => {
    for (const ReturnValues of ['ALL_NEW', 'ALL_OLD', 'UPDATED_NEW']) {
      expect(isAllowed(write('delivery', { ReturnValues }))).toBe(false);
    }
    expect(isAllowed(write('delivery', { ReturnValues: 'NONE' }))).toBe(true);
    const Key = { pk: { S: 'ledger#address#x' }, sk: { S: 'w' } };
    expect(isAllowed(write('delivery', { Key }))).toBe(false);
    expect(isAllowed({ TableName: 'people', Key: write('').Key }, 'GetItem')).toBe(false);
  });
});
