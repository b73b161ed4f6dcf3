import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it, vi } from 'vitest';
import type { SecurityEvent } from '#core/model/records.ts';
import { recordsInTransaction } from '../../../lambdas/adapters/dynamodb/records.ts';
import type { Table } from '../../../lambdas/adapters/dynamodb/table.ts';
import { eventOf } from '../../support/world/records.ts';

const eventBridge = mockClient(EventBridgeClient);
vi.stubEnv('AWS_REGION', 'me-south-1');
vi.stubEnv('EVENT_BUS_NAME', 'hawiya-test');
const { handler } = await import('../../../lambdas/functions/event-publisher/handler.ts');

const table = { name: 'table' } as Table;

/** The stream's record of an event, as the transaction writes it. */
function recordOf(event: SecurityEvent, sequence: number): DynamoDBRecord {
  const [part] = recordsInTransaction(table, { events: [event] });
  const NewImage = (part?.Put?.Item ?? {}) as NonNullable<
    NonNullable<DynamoDBRecord['dynamodb']>['NewImage']
  >;
  return { eventName: 'INSERT', dynamodb: { NewImage, SequenceNumber: String(sequence) } };
}

const accepted = (count: number) => ({
  FailedEntryCount: 0,
  Entries: Array.from({ length: count }, (_, n) => ({ EventId: `bus-${n}` })),
});
const entries = () =>
  eventBridge.commandCalls(PutEventsCommand).flatMap(({ args }) => args[0].input.Entries ?? []);

beforeEach(() => {
  eventBridge.reset();
});

it('an event is published with its type, its id and its own fields only', async () => {
  eventBridge.on(PutEventsCommand).resolves(accepted(1));
  const event = eventOf({ type: 'session.started' });
  expect(await handler([recordOf(event, 1)])).toEqual({ batchItemFailures: [] });
  const [{ Detail = '', Time, ...entry } = {}] = entries();
  expect(entry).toEqual({
    EventBusName: 'hawiya-test',
    Source: 'hawiya',
    DetailType: 'session.started',
  });
  expect(Time).toEqual(new Date(event.at * 1000));
  expect(JSON.parse(Detail)).toEqual({
    schema: 1,
    id: event.id,
    at: '2026-11-23T07:30:00.000Z',
    userId: event.userId,
    origin: event.origin,
    details: {},
  });
});

it('an event that the bus did not take is retried, and only that one is reported', async () => {
  const [first, , third] = accepted(3).Entries;
  const Entries = [first ?? {}, { ErrorCode: 'ThrottlingException' }, third ?? {}];
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries });
  const records = [11, 12, 13].map((sequence) => recordOf(eventOf(), sequence));
  expect(await handler(records)).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
});

it('all events are retried when the bus is down', async () => {
  eventBridge.on(PutEventsCommand).rejects(new Error('down'));
  const records = [11, 12].map((sequence) => recordOf(eventOf(), sequence));
  expect((await handler(records)).batchItemFailures).toEqual([
    { itemIdentifier: '11' },
    { itemIdentifier: '12' },
  ]);
});

it('an item that no flow writes is left out and reported, and holds back no event behind it', async () => {
  eventBridge.on(PutEventsCommand).resolves(accepted(1));
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const good = eventOf();
  const [at, both] = [recordOf(eventOf(), 1), recordOf(eventOf(), 2)];
  Object.assign(at.dynamodb?.NewImage ?? {}, { at: { S: 'never' } });
  Object.assign(both.dynamodb?.NewImage ?? {}, { is_totp_removed: { BOOL: true } });
  const answer = await handler([at, both, recordOf(good, 3)]);
  const lines = write.mock.calls.join('\n');
  write.mockRestore();
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(entries().map(({ Detail = '' }) => JSON.parse(Detail).id)).toEqual([good.id]);
  expect(lines.match(/"EventMalformed":1/g)).toHaveLength(2);
});
