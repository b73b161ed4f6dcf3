import type { Templates } from '../template/template.ts';
import type { MappedResources } from './mappings.ts';
import { type QueueMapping, readQueueMappings } from './queue-mapping.ts';
import { startQueuePollers } from './queue-poller.ts';
import { readStreamMappings, type StreamMapping } from './stream-mapping.ts';
import { type StreamPollerOptions, startStreamPollers } from './stream-poller.ts';

/** What brings functions their events, besides the gateway. */
export interface EventSources {
  readonly streams: StreamMapping[];
  readonly queues: QueueMapping[];
}

/** @throws Error naming what a mapping uses that is not there or not supported, or the statement a role lacks */
export function readEventSources(templates: Templates, declared: MappedResources): EventSources {
  return {
    streams: readStreamMappings(templates, declared),
    queues: readQueueMappings(templates, declared),
  };
}

/** Delivers streams and queues to the functions that are mapped to them, until stopped. */
export function startEventSources(
  { streams, queues }: EventSources,
  options: Omit<StreamPollerOptions, 'mappings'>,
): { stop(): Promise<void> } {
  const started = [
    startStreamPollers({ ...options, mappings: streams }),
    startQueuePollers({ ...options, mappings: queues }),
  ];
  return { stop: async () => void (await Promise.all(started.map(({ stop }) => stop()))) };
}
