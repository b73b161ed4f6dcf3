import type { PublishedEvent } from '../model/published-event.ts';

/** Publishes security events to the systems that monitor accounts. */
export interface EventBus {
  /**
   * Publishes a batch of at most ten events. An event may arrive more than once, and in any order.
   * @returns the ids of the events that the bus did not accept
   * @throws the bus's own error, if it accepted no event
   */
  publish(events: readonly PublishedEvent[]): Promise<string[]>;
}
