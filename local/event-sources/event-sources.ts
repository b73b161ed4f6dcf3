import type { Templates } from '../template/template.ts';
import type { MappedResources } from './mappings.ts';
import { readPipes } from './pipes.ts';
import { type QueueMapping, readQueueMappings } from './queue-mapping.ts';
import { startQueuePollers } from './queue-poller.ts';
import { readStreamMappings, type StreamMapping } from './stream-mapping.ts';
import { type StreamPollerOptions, startStreamPollers } from './stream-poller.ts';

/** The streams and queues that invoke functions. */
export interface EventSources {
  readonly streams: StreamMapping[];
  readonly queues: QueueMapping[];
}

/**
 * Reads all event source mappings and pipes.
 * @throws Error that names what is missing or not supported, or the statement that a role lacks
 */
export function readEventSources(templates: Templates, declared: MappedResources): EventSources {
  return {
    streams: [...readStreamMappings(templates, declared), ...readPipes(templates, declared)],
    queues: readQueueMappings(templates, declared),
  };
}

/** Delivers streams and queues to their functions until stopped. */
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
