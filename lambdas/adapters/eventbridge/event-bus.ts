import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '#core/ports/event-bus.ts';

/** The source of every event. */
const source = 'hawiya';

/** An Amazon EventBridge bus. */
export const createEventBus = ({
  client,
  busName,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): EventBus => ({
  async publish(events) {
    const entries = events.map(({ type, detail }) => ({
      EventBusName: busName,
      Source: source,
      DetailType: type,
      Time: new Date(detail.at),
      Detail: JSON.stringify(detail),
    }));
    const answer = await client.send(new PutEventsCommand({ Entries: entries }));
    // The answer has one entry per event, in order. A successful call may still have refused some of them.
    return events.flatMap(({ detail }, index) =>
      answer.Entries?.[index]?.EventId ? [] : [detail.id],
    );
  },
});
