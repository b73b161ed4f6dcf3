import { type Principal, principalOf } from '../aws/iam.ts';
import type { Resource, Templates } from '../template/template.ts';
import {
  invalidMapping,
  type MappedResources,
  mappedFunction,
  requirePermissions,
} from './mappings.ts';
import {
  deadLettersOf,
  type FilterCriteria,
  limit,
  localStreamOf,
  matcherOf,
  requireStreamPermissions,
  type StreamMapping,
} from './stream-mapping.ts';

interface PipeProperties {
  RoleArn: string;
  Source: string;
  SourceParameters?: {
    DynamoDBStreamParameters?: {
      StartingPosition: StreamMapping['startingPosition'];
      BatchSize?: number;
      ParallelizationFactor?: number;
      OnPartialBatchItemFailure?: string;
      MaximumRetryAttempts?: number;
      MaximumRecordAgeInSeconds?: number;
      DeadLetterConfig?: { Arn?: string };
    };
    FilterCriteria?: FilterCriteria;
  };
  Target: string;
  TargetParameters?: { LambdaFunctionParameters?: { InvocationType?: string } };
}

type Declared = Omit<MappedResources, 'principalOf' | 'queues'>;

/**
 * Reads the EventBridge pipes from a table's stream to a function. They deliver as event source mappings do, with a role
 * of their own and with a bare list of records as the event.
 * @throws Error that names what is missing or not supported, or the action that the pipe's role lacks
 */
export function readPipes(templates: Templates, declared: Declared): StreamMapping[] {
  return templates.resources('AWS::Pipes::Pipe').map((resource) => {
    const mapping = readPipe(resource, declared);
    const { RoleArn } = resource.properties as unknown as PipeProperties;
    requireRights(mapping, principalOf(templates, RoleArn, mapping.id));
    return mapping;
  });
}

const supported = ['RoleArn', 'Source', 'SourceParameters', 'Target', 'TargetParameters'];

function readPipe(
  { logicalId: id, properties }: Resource,
  { tables, definitions, deadLetters }: Declared,
): StreamMapping {
  const other = Object.keys(properties).find((name) => !supported.includes(name));
  if (other) invalidMapping(id, `${other} of a pipe is not supported`);
  const pipe = properties as unknown as PipeProperties;
  const stream =
    pipe.SourceParameters?.DynamoDBStreamParameters ??
    invalidMapping(id, 'a pipe reads a DynamoDB stream here');
  const target = pipe.TargetParameters ?? {};
  // Without an answer, the pipe would take every record for delivered.
  if (target.LambdaFunctionParameters?.InvocationType !== 'REQUEST_RESPONSE') {
    invalidMapping(id, 'a pipe waits for its function here (REQUEST_RESPONSE)');
  }
  if (Object.keys(target).length > 1) invalidMapping(id, 'a target has no other parameters here');
  const definition = mappedFunction(id, pipe.Target, definitions);
  const queue = deadLettersOf(id, stream.DeadLetterConfig?.Arn, deadLetters);
  return {
    id,
    functionName: definition.name,
    functionArn: definition.arn,
    streamArn: pipe.Source,
    localStreamArn: localStreamOf(id, pipe.Source, tables),
    batchSize: stream.BatchSize ?? 100,
    lanes: stream.ParallelizationFactor ?? 1,
    bisect: stream.OnPartialBatchItemFailure === 'AUTOMATIC_BISECT',
    // A function that is a pipe's target may always answer with the records that failed.
    reportsItemFailures: true,
    maximumRetries: limit(stream.MaximumRetryAttempts),
    maximumAgeSeconds: limit(stream.MaximumRecordAgeInSeconds),
    startingPosition: stream.StartingPosition,
    ...(queue && { deadLetters: queue }),
    matches: matcherOf(pipe.SourceParameters?.FilterCriteria),
    eventOf: (records) => records,
  };
}

function requireRights(mapping: StreamMapping, principal: Principal) {
  requireStreamPermissions(mapping, principal);
  const invocation = { action: 'lambda:InvokeFunction', resource: mapping.functionArn };
  requirePermissions(mapping.id, principal, [invocation]);
}
