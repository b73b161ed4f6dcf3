import type { Templates } from '../template/template.ts';
import { type QueueMapping, readQueueMappings } from './queue-mapping.ts';
import { startQueuePollers } from './queue-poller.ts';
import { type Mapping, readMappings } from './stream-mapping.ts';
import { type StreamOptions, startStreams } from './stream-poller.ts';

/** What brings functions their events, besides the gateway. */
export interface EventSources {
  readonly streams: Mapping[];
  readonly queues: QueueMapping[];
}

type Declared = Parameters<typeof readMappings>[1] & Parameters<typeof readQueueMappings>[1];

/** @throws Error naming what a mapping uses that is not there or not supported, or the statement a role lacks */
export function readEventSources(templates: Templates, declared: Declared): EventSources {
  return {
    streams: readMappings(templates, declared),
    queues: readQueueMappings(templates, declared),
  };
}

/** Delivers streams and queues to the functions that are mapped to them, until stopped. */
export function startEventSources(
  { streams, queues }: EventSources,
  options: Omit<StreamOptions, 'mappings'>,
): { stop(): Promise<void> } {
  const started = [
    startStreams({ ...options, mappings: streams }),
    startQueuePollers({ ...options, mappings: queues }),
  ];
  return { stop: async () => void (await Promise.all(started.map(({ stop }) => stop()))) };
}
