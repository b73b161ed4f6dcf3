import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { publishedEvent } from '#core/audit/events.ts';
import type { PublishedEvent } from '#core/model/published-event.ts';
import { eventBridgeClient } from '../../adapters/clients.ts';
import { eventFrom } from '../../adapters/dynamodb/event-record.ts';
import type { Attributes } from '../../adapters/dynamodb/table.ts';
import { createEventBus } from '../../adapters/eventbridge/event-bus.ts';
import { describeError, log, metric } from '../../observability/log.ts';
import { env } from './env.ts';

const bus = createEventBus({ client: eventBridgeClient(), busName: env.EVENT_BUS_NAME });

/**
 * Publishes the security events that the pipe hands over. Events that the bus refused are reported. The pipe then
 * delivers them again, maybe with events behind them, and a subscriber drops repeats by the event's id.
 * @param records a bare list: a pipe does not wrap them in `Records`, as an event source of Lambda does
 */
export async function handler(records: DynamoDBRecord[]): Promise<DynamoDBBatchResponse> {
  const published = records.flatMap((record) => {
    const event = eventOf(record);
    return event ? [{ record, event }] : [];
  });
  const refused = await refusedOf(published.map(({ event }) => event));
  const failed = published.filter(({ event }) => refused.includes(event.detail.id));
  return {
    batchItemFailures: failed.map(({ record }) => ({
      itemIdentifier: record.dynamodb?.SequenceNumber ?? '',
    })),
  };
}

/**
 * Reads the event of a record. An item that no flow writes is left out, and an alarm reports it: a function may be in an
 * attacker's hands. If it were retried, it would hold back every event behind it for 23 hours.
 */
function eventOf({ dynamodb }: DynamoDBRecord): PublishedEvent | undefined {
  try {
    // The types of Lambda's events and of the SDK describe the same JSON.
    const event = eventFrom((dynamodb?.NewImage ?? {}) as Attributes);
    if (event) return publishedEvent(event);
    log('ERROR', 'events', { error: 'EventWithoutType' });
  } catch (error) {
    log('ERROR', 'events', describeError(error));
  }
  metric('EventMalformed');
  return undefined;
}

async function refusedOf(events: PublishedEvent[]): Promise<string[]> {
  if (events.length === 0) return [];
  try {
    const refused = await bus.publish(events);
    if (refused.length > 0) log('ERROR', 'events', { error: 'EventsRefused' });
    return refused;
  } catch (error) {
    log('ERROR', 'events', describeError(error));
    return events.map(({ detail }) => detail.id);
  }
}
