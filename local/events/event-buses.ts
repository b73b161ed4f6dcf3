import { randomUUID } from 'node:crypto';
import type { Templates } from '../template/template.ts';

/** An event in the form that a subscriber's rule would get. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventBuses {
  /** The newest events of all buses, oldest first. They are lost when the cloud stops. */
  readonly events: readonly BusEvent[];
  /** @param bus name or ARN of a bus */
  has(bus: string): boolean;
  /** @returns the id that the bus gives to the event */
  put(event: Omit<BusEvent, 'version' | 'id' | 'time'> & { readonly time?: string }): string;
}

interface Options {
  now(): number;
  log(line: string, functionName: string): void;
}

const mostKept = 1000;

/** Creates the buses that the templates declare. They have no subscribers; developers read them. */
export function openEventBuses(templates: Templates, { now, log }: Options): EventBuses {
  const declared = templates.resources('AWS::Events::EventBus');
  const names = new Set(
    declared.flatMap((bus) => [bus.physicalId, templates.attribute(bus, 'Arn')]),
  );
  const events: BusEvent[] = [];
  return {
    events,
    has: (bus) => names.has(bus),
    put({ time = new Date(now()).toISOString(), ...event }) {
      const id = randomUUID();
      events.push({ version: '0', id, time, ...event });
      if (events.length > mostKept) events.shift();
      log(JSON.stringify({ level: 'INFO', message: event['detail-type'] }), 'events');
      return id;
    },
  };
}
