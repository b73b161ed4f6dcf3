import { describe, expect, it } from 'vitest';
import { eventsOwedBy, markOf, securityEventTypes } from '#core/model/records.ts';
import type { Flow } from '#core/model/routes.ts';
import { recordsInTransaction } from '../../lambdas/adapters/dynamodb/records.ts';
import type { Table } from '../../lambdas/adapters/dynamodb/table.ts';
import { authorise, parsePolicy } from '../../local/aws/iam.ts';
import { accessesOf } from '../../local/aws/iam-actions.ts';
import { statementsOf } from '../support/infra/iam-statements.ts';
import { stages } from '../support/infra/synth.ts';
import { eventOf, noticeOf } from '../support/world/records.ts';

const stage = stages.prod();
const flows = Object.keys(eventsOwedBy) as Flow[];
const table = {
  id: 'Table',
  tableName: 'people',
  arn: 'arn:people',
  partitionKey: 'pk',
  indexPartitionKeys: {},
};

/** Whether a function's role allows a call on the table. CloudFormation chooses the names of resources. */
function isAllowed(name: string, operation: string, request: object): boolean {
  const statements = statementsOf(stage, name.replaceAll('-', ''));
  const Statement = statements.map((each) => ({ ...each, Resource: '*' }));
  const role = { arn: 'role', statements: parsePolicy({ Statement }, 'role') };
  const call = { service: 'dynamodb', operation, accessKeyId: undefined } as const;
  const accesses = accessesOf({ ...call, request: { ...request } }, [table]);
  return accesses.every((access) => authorise(role, access).allowed);
}

const putOf = (records: Parameters<typeof recordsInTransaction>[1]) =>
  recordsInTransaction({ name: 'people' } as Table, records)[0]?.Put ?? { Item: {} };

describe.each(flows)('the role of %s', (flow) => {
  it('writes the events that the flow owes, in a transaction or alone, and no other', () => {
    const written = securityEventTypes.filter((type) => {
      const Put = putOf({ events: [eventOf({ type, details: { a: 'b' } })] });
      const alone = isAllowed(flow, 'PutItem', Put);
      expect(isAllowed(flow, 'TransactWriteItems', { TransactItems: [{ Put }] })).toBe(alone);
      return alone;
    });
    expect(written.toSorted()).toEqual([...eventsOwedBy[flow]].toSorted());
  });

  it('writes no foreign type as a value, beside its own, by an update, or to read what it replaces', () => {
    const [own = 'session.started'] = eventsOwedBy[flow];
    const foreign = securityEventTypes.find((type) => !eventsOwedBy[flow].includes(type));
    const { Item, ...rest } = putOf({ events: [eventOf({ type: own })] });
    const forged = [
      { ...rest, Item: { ...Item, type: { S: foreign ?? '' } } },
      { ...rest, Item: { ...Item, [markOf(foreign ?? own)]: { BOOL: true } } },
      { ...rest, Item, ReturnValues: 'ALL_OLD' },
    ];
    expect(forged.filter((put) => isAllowed(flow, 'PutItem', put))).toEqual([]);
    const Key = { pk: { S: 'event#a' }, sk: { S: 'b' } };
    const update = { TableName: 'people', Key, UpdateExpression: `SET ${markOf(own)} = :true` };
    expect(isAllowed(flow, 'UpdateItem', update)).toBe(false);
  });
});

it('every type of event is owed by a flow', () => {
  const owed = new Set(Object.values(eventsOwedBy).flat());
  expect([...owed].toSorted()).toEqual([...securityEventTypes].toSorted());
});

describe('a new notice', () => {
  const writers = ['account-security', 'password-reset', 'session', 'sms-sender'];
  const others = [
    'account',
    'authenticators',
    'event-publisher',
    'information',
    'registration',
    'transaction',
    'verification',
  ];
  const put = putOf({ notices: [noticeOf()] });

  it.each(writers)('may be written by %s, but not as one that was sent', (name) => {
    expect(isAllowed(name, 'PutItem', put)).toBe(true);
    const sent = { ...put, Item: { ...put.Item, delivery: { S: 'delivered' } } };
    expect(isAllowed(name, 'PutItem', sent)).toBe(false);
    expect(isAllowed(name, 'PutItem', { ...put, ReturnValues: 'ALL_OLD' })).toBe(false);
  });

  it.each(others)('may not be written by %s', (name) => {
    expect(isAllowed(name, 'PutItem', put)).toBe(false);
  });
});
