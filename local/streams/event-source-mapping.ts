import { authorise, type Principal } from '../aws/iam.ts';
import type { Table } from '../dynamodb/tables.ts';
import type { FunctionDefinition } from '../functions/functions.ts';
import type { Templates } from '../template/template.ts';
import { compilePattern } from './event-filter.ts';
import type { DeadLetter, DeliveryRules } from './stream-batch.ts';
import type { StreamRecord } from './stream-record.ts';

/** A queue that collects what was given up, oldest first. */
export interface DeadLetterQueue {
  readonly queueName: string;
  readonly arn: string;
  readonly messages: DeadLetter[];
}

/** A stream that a function gets. */
export interface Mapping extends DeliveryRules {
  readonly id: string;
  readonly functionName: string;
  readonly localStreamArn: string;
  readonly batchSize: number;
  /** Batches of one shard at once; records with the same key stay in order. */
  readonly lanes: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly deadLetters?: DeadLetterQueue;
  matches(record: StreamRecord): boolean;
}

interface MappingProperties {
  FunctionName: string;
  EventSourceArn: string;
  StartingPosition: Mapping['startingPosition'];
  Enabled?: boolean;
  BatchSize?: number;
  ParallelizationFactor?: number;
  BisectBatchOnFunctionError?: boolean;
  FunctionResponseTypes?: string[];
  MaximumRetryAttempts?: number;
  MaximumRecordAgeInSeconds?: number;
  TumblingWindowInSeconds?: number;
  FilterCriteria?: { Filters?: { Pattern: string }[] };
  DestinationConfig?: { OnFailure?: { Destination: string } };
}

interface Declared {
  readonly tables: Table[];
  readonly definitions: FunctionDefinition[];
  readonly deadLetters: DeadLetterQueue[];
  principalOf(functionName: string): Principal;
}

/** @returns a dead-letter queue for every queue that the templates declare */
export function openDeadLetterQueues(templates: Templates): DeadLetterQueue[] {
  return templates.resources('AWS::SQS::Queue').map((queue) => ({
    queueName: templates.attribute(queue, 'QueueName'),
    arn: templates.attribute(queue, 'Arn'),
    messages: [],
  }));
}

/**
 * Reads which function gets which table's stream, and how.
 * @throws Error naming what a mapping refers to or uses and is not there, or the statement a role lacks
 */
export function readMappings(templates: Templates, declared: Declared): Mapping[] {
  const mappings = templates
    .resources('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties['Enabled'] !== false)
    .map(({ logicalId, properties }) =>
      readMapping(logicalId, properties as unknown as MappingProperties, declared),
    );
  for (const mapping of mappings) requirePermissions(mapping, declared.principalOf);
  return mappings;
}

function readMapping(
  id: string,
  properties: MappingProperties,
  { tables, definitions, deadLetters }: Declared,
): Mapping {
  const unknown = (what: string): never => {
    throw new Error(`Event source ${id}: ${what}`);
  };
  const { FunctionName, EventSourceArn, TumblingWindowInSeconds, FilterCriteria } = properties;
  if (TumblingWindowInSeconds) unknown('tumbling windows are not supported');
  const definition =
    definitions.find(({ name, arn }) => FunctionName === name || FunctionName === arn) ??
    unknown(`there is no function ${FunctionName}`);
  const table = tables.find(({ streamArn }) => streamArn === EventSourceArn);
  const localStreamArn =
    table?.localStreamArn ?? unknown(`${EventSourceArn} is not the stream of a table`);
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  const queue = deadLetters.find(({ arn }) => arn === destination);
  if (destination && !queue) unknown(`there is no queue ${destination}`);
  const patterns = FilterCriteria?.Filters?.map(({ Pattern }) =>
    compilePattern(JSON.parse(Pattern)),
  );
  return {
    id,
    functionName: definition.name,
    functionArn: definition.arn,
    streamArn: EventSourceArn,
    localStreamArn,
    batchSize: properties.BatchSize ?? 100,
    lanes: properties.ParallelizationFactor ?? 1,
    bisect: properties.BisectBatchOnFunctionError ?? false,
    reportsItemFailures:
      properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    maximumRetries: limit(properties.MaximumRetryAttempts),
    maximumAgeSeconds: limit(properties.MaximumRecordAgeInSeconds),
    startingPosition: properties.StartingPosition,
    ...(queue && { deadLetters: queue }),
    matches: (record) => patterns?.some((matches) => matches(record)) ?? true,
  };
}

/** The pollers read the stream, and write to the queue, with the function's role. */
function requirePermissions(mapping: Mapping, principalOf: Declared['principalOf']) {
  const principal = principalOf(mapping.functionName);
  const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  const needed = reading.map((name) => ({
    action: `dynamodb:${name}`,
    resource: mapping.streamArn,
  }));
  if (mapping.deadLetters) {
    needed.push({ action: 'sqs:SendMessage', resource: mapping.deadLetters.arn });
  }
  for (const access of needed) {
    const decision = authorise(principal, access);
    if (!decision.allowed) throw new Error(`Event source ${mapping.id}: ${decision.message}`);
  }
}

function limit(value = -1): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}
