import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '#core/ports/event-bus.ts';

/** What every event of ours says it comes from. */
const source = 'hawiya';

/** A bus of Amazon EventBridge. */
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
    // One answer an entry, in their order. A call that went well may have lost some of them.
    return events.flatMap(({ detail }, index) =>
      answer.Entries?.[index]?.EventId ? [] : [detail.id],
    );
  },
});
