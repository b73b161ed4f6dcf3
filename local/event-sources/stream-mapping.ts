import type { Principal } from '../aws/iam.ts';
import type { DeadLetterQueue } from '../queues/dead-letters.ts';
import type { Templates } from '../template/template.ts';
import { compilePattern } from './event-filter.ts';
import {
  enabledMappings,
  invalidMapping,
  type MappedResources,
  mappedFunction,
  requirePermissions,
} from './mappings.ts';
import type { DeliveryRules } from './stream-batch.ts';
import type { StreamRecord } from './stream-record.ts';

/** A table's stream whose records invoke a function. */
export interface StreamMapping extends DeliveryRules {
  readonly id: string;
  readonly functionName: string;
  readonly localStreamArn: string;
  readonly batchSize: number;
  /**
   * How many batches of one shard run at the same time. Records with the same key stay in order.
   */
  readonly lanes: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly deadLetters?: DeadLetterQueue;
  matches(record: StreamRecord): boolean;
  /** The event with which the function is invoked. */
  eventOf(records: StreamRecord[]): unknown;
}

export interface FilterCriteria {
  Filters?: { Pattern: string }[];
}

interface MappingProperties {
  FunctionName: string;
  EventSourceArn: string;
  StartingPosition: StreamMapping['startingPosition'];
  BatchSize?: number;
  ParallelizationFactor?: number;
  BisectBatchOnFunctionError?: boolean;
  FunctionResponseTypes?: string[];
  MaximumRetryAttempts?: number;
  MaximumRecordAgeInSeconds?: number;
  TumblingWindowInSeconds?: number;
  FilterCriteria?: FilterCriteria;
  DestinationConfig?: { OnFailure?: { Destination: string } };
}

type Declared = Omit<MappedResources, 'queues'>;

/**
 * Reads the mappings from streams to functions.
 * @throws Error that names what is missing or not supported, or the statement that a role lacks
 */
export function readStreamMappings(templates: Templates, declared: Declared): StreamMapping[] {
  const mappings = enabledMappings(templates, 'others').map(({ logicalId, properties }) =>
    readMapping(logicalId, properties as unknown as MappingProperties, declared),
  );
  for (const mapping of mappings) {
    requireStreamPermissions(mapping, declared.principalOf(mapping.functionName));
  }
  return mappings;
}

function readMapping(
  id: string,
  properties: MappingProperties,
  { tables, definitions, deadLetters }: Declared,
): StreamMapping {
  const { FunctionName, EventSourceArn, TumblingWindowInSeconds, FilterCriteria } = properties;
  if (TumblingWindowInSeconds) invalidMapping(id, 'tumbling windows are not supported');
  const definition = mappedFunction(id, FunctionName, definitions);
  const queue = deadLettersOf(
    id,
    properties.DestinationConfig?.OnFailure?.Destination,
    deadLetters,
  );
  return {
    id,
    functionName: definition.name,
    functionArn: definition.arn,
    streamArn: EventSourceArn,
    localStreamArn: localStreamOf(id, EventSourceArn, tables),
    batchSize: properties.BatchSize ?? 100,
    lanes: properties.ParallelizationFactor ?? 1,
    bisect: properties.BisectBatchOnFunctionError ?? false,
    reportsItemFailures:
      properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    maximumRetries: limit(properties.MaximumRetryAttempts),
    maximumAgeSeconds: limit(properties.MaximumRecordAgeInSeconds),
    startingPosition: properties.StartingPosition,
    ...(queue && { deadLetters: queue }),
    matches: matcherOf(FilterCriteria),
    eventOf: (Records) => ({ Records }),
  };
}

/** @throws Error if no table has that stream */
export function localStreamOf(id: string, arn: string, tables: Declared['tables']): string {
  const table = tables.find(({ streamArn }) => streamArn === arn);
  return table?.localStreamArn ?? invalidMapping(id, `${arn} is not the stream of a table`);
}

/** @throws Error if a queue is named that does not exist */
export function deadLettersOf(
  id: string,
  destination: string | undefined,
  deadLetters: Declared['deadLetters'],
): DeadLetterQueue | undefined {
  const queue = deadLetters.find(({ arn }) => arn === destination);
  if (destination && !queue) invalidMapping(id, `there is no queue ${destination}`);
  return queue;
}

/** A record passes if one of the filters matches, or if there is none. */
export function matcherOf(criteria: FilterCriteria | undefined): StreamMapping['matches'] {
  const patterns = criteria?.Filters?.map(({ Pattern }) => compilePattern(JSON.parse(Pattern)));
  return (record) => patterns?.some((matches) => matches(record)) ?? true;
}

/** Checks that a poller's role lets it read the stream and write dead letters. */
export function requireStreamPermissions(mapping: StreamMapping, principal: Principal) {
  const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  const needed = reading.map((name) => ({
    action: `dynamodb:${name}`,
    resource: mapping.streamArn,
  }));
  if (mapping.deadLetters) {
    needed.push({ action: 'sqs:SendMessage', resource: mapping.deadLetters.arn });
  }
  requirePermissions(mapping.id, principal, needed);
}

/** AWS writes "no limit" as -1. */
export function limit(value = -1): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}
