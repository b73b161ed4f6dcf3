import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { publishedEvent } from '#core/audit/events.ts';
import { eventBridgeClient } from '../../adapters/clients.ts';
import { eventFrom } from '../../adapters/dynamodb/event-record.ts';
import type { Attributes } from '../../adapters/dynamodb/table.ts';
import { createEventBus } from '../../adapters/eventbridge/event-bus.ts';
import { describeError, log } from '../../observability/log.ts';
import { env } from './env.ts';

const bus = createEventBus({ client: eventBridgeClient(), busName: env.EVENT_BUS_NAME });

/**
 * Publishes the security events of the table's stream. Events that the bus refused are reported. Lambda then delivers
 * them again with all events behind them, and a subscriber drops repeats by the event's id.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const published = Records.map((record) => ({ record, event: eventOf(record) }));
  const refused = await refusedOf(published.map(({ event }) => event));
  const failed = published.filter(({ event }) => refused.includes(event.detail.id));
  return {
    batchItemFailures: failed.map(({ record }) => ({
      itemIdentifier: record.dynamodb?.SequenceNumber ?? '',
    })),
  };
}

// The types of Lambda's events and of the SDK describe the same JSON.
const eventOf = ({ dynamodb }: DynamoDBRecord) =>
  publishedEvent(eventFrom(dynamodb?.NewImage as Attributes | undefined));

async function refusedOf(events: Parameters<typeof bus.publish>[0]): Promise<string[]> {
  try {
    const refused = await bus.publish(events);
    if (refused.length > 0) log('ERROR', 'events', { error: 'EventsRefused' });
    return refused;
  } catch (error) {
    log('ERROR', 'events', describeError(error));
    return events.map(({ detail }) => detail.id);
  }
}
