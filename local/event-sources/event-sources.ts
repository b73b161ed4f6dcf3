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

/** Running event sources. */
interface RunningSources {
  /** Has the streams read at once: something was written to a table. */
  look(): void;
  stop(): Promise<void>;
}

/** Delivers streams and queues to their functions until stopped. */
export function startEventSources(
  { streams, queues }: EventSources,
  options: Omit<StreamPollerOptions, 'mappings'>,
): RunningSources {
  const streamPollers = startStreamPollers({ ...options, mappings: streams });
  const queuePollers = startQueuePollers({ ...options, mappings: queues });
  return {
    look: streamPollers.look,
    stop: async () => void (await Promise.all([streamPollers.stop(), queuePollers.stop()])),
  };
}
