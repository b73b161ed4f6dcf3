import type { FunctionDefinition } from '../functions/function-definition.ts';
import type { Queue } from '../queues/queue.ts';
import type { Templates } from '../template/template.ts';
import {
  enabledMappings,
  invalidMapping,
  type MappedResources,
  mappedFunction,
  requirePermissions,
} from './mappings.ts';

/** A queue whose messages invoke a function. */
export interface QueueMapping {
  readonly functionName: string;
  readonly queue: Queue;
  readonly batchSize: number;
  /** The most invocations at the same time. */
  readonly maximumConcurrency: number;
  readonly reportsItemFailures: boolean;
}

interface MappingProperties {
  FunctionName: string;
  EventSourceArn: string;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FilterCriteria?: object;
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
}

type Declared = Omit<MappedResources, 'tables'>;

/** Lambda's defaults. */
const defaults = { batchSize: 10, maximumConcurrency: 1000 };

/**
 * Reads the mappings from queues to functions.
 * @throws Error that names what AWS would refuse to deploy, or what is not supported here
 */
export function readQueueMappings(templates: Templates, declared: Declared): QueueMapping[] {
  return enabledMappings(templates, 'queues').map(({ logicalId, properties }) =>
    readMapping(logicalId, properties as unknown as MappingProperties, declared),
  );
}

function readMapping(
  id: string,
  properties: MappingProperties,
  { queues, deadLetters, definitions, principalOf }: Declared,
): QueueMapping {
  const { EventSourceArn, FunctionResponseTypes, ScalingConfig } = properties;
  const definition = mappedFunction(id, properties.FunctionName, definitions);
  const queue =
    queues.find(({ arn }) => arn === EventSourceArn) ??
    invalidMapping(id, `there is no queue ${EventSourceArn}`);
  const mapping: QueueMapping = {
    functionName: definition.name,
    queue,
    batchSize: properties.BatchSize ?? defaults.batchSize,
    maximumConcurrency: ScalingConfig?.MaximumConcurrency ?? defaults.maximumConcurrency,
    reportsItemFailures: FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
  requireSupported(id, properties);
  if (deadLetters.some(({ arn }) => arn === EventSourceArn)) {
    invalidMapping(id, 'a function that consumes dead letters is not supported');
  }
  requireDeployable(id, mapping, definition);
  const needed = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
  requirePermissions(
    id,
    principalOf(definition.name),
    needed.map((name) => ({ action: `sqs:${name}`, resource: queue.arn })),
  );
  return mapping;
}

function requireSupported(id: string, properties: MappingProperties) {
  const { MaximumBatchingWindowInSeconds, FilterCriteria } = properties;
  if (MaximumBatchingWindowInSeconds) invalidMapping(id, 'batching windows are not supported');
  if (FilterCriteria) invalidMapping(id, 'filters on a queue are not supported');
}

/** Checks what Lambda checks when a mapping is created. */
function requireDeployable(
  id: string,
  { queue, batchSize, maximumConcurrency }: QueueMapping,
  { timeoutSeconds }: FunctionDefinition,
) {
  const { visibilitySeconds } = queue.rules;
  if (batchSize < 1 || batchSize > 10) invalidMapping(id, 'a batch has 1 to 10 messages');
  if (maximumConcurrency < 2 || maximumConcurrency > 1000) {
    invalidMapping(id, 'the maximum concurrency is 2 to 1000');
  }
  if (visibilitySeconds < timeoutSeconds) {
    invalidMapping(
      id,
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
}
