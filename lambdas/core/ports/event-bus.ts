import type { PublishedEvent } from '../model/published-event.ts';

/** Where security events go out, for whoever watches over accounts. */
export interface EventBus {
  /**
   * Publishes a batch, at most ten. Each may arrive more than once, in any order.
   * @returns the ids of those the bus did not take
   * @throws whatever the bus said, where it took none
   */
  publish(events: readonly PublishedEvent[]): Promise<string[]>;
}
