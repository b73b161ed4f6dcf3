import type { SecurityEventType } from './records.ts';

/**
 * The `detail` of an event as subscribers receive it. `audit/events.ts` holds its schema; `docs/events.md` explains it.
 */
export interface PublishedEventDetail {
  readonly schema: number;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The directory's id of the user. */
  readonly userId: string;
  readonly origin: {
    readonly addressTag: string;
    readonly place?: string | undefined;
    readonly device: string;
  };
  readonly details: Readonly<Record<string, string>>;
}

/** A security event in the form that is published to subscribers. */
export interface PublishedEvent {
  readonly type: SecurityEventType;
  readonly detail: PublishedEventDetail;
}
