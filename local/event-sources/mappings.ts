import { type Access, authorise, type Principal } from '../aws/iam.ts';
import type { Table } from '../dynamodb/tables.ts';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import type { DeadLetterQueue } from '../queues/dead-letters.ts';
import type { Queue } from '../queues/queue.ts';
import type { Resource, Templates } from '../template/template.ts';

/** The resources that event source mappings refer to. */
export interface MappedResources {
  readonly tables: Table[];
  readonly queues: Queue[];
  readonly deadLetters: DeadLetterQueue[];
  readonly definitions: FunctionDefinition[];
  principalOf(functionName: string): Principal;
}

/** @returns the mappings that are enabled, of queues or of anything else */
export function enabledMappings(templates: Templates, from: 'queues' | 'others'): Resource[] {
  return templates
    .resources('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties['Enabled'] !== false)
    .filter(({ properties }) => {
      const isQueue = String(properties['EventSourceArn']).split(':')[2] === 'sqs';
      return isQueue === (from === 'queues');
    });
}

/** @throws Error, as a mapping that does not deploy */
export function invalidMapping(id: string, problem: string): never {
  throw new Error(`Event source ${id}: ${problem}`);
}

/** @param reference its name or ARN @throws Error if there is no such function */
export function mappedFunction(
  id: string,
  reference: string,
  definitions: FunctionDefinition[],
): FunctionDefinition {
  return (
    definitions.find(({ name, arn }) => reference === name || reference === arn) ??
    invalidMapping(id, `there is no function ${reference}`)
  );
}

/** The pollers do what they do with the function's role. @throws Error naming the statement it lacks */
export function requirePermissions(id: string, principal: Principal, needed: Access[]): void {
  for (const access of needed) {
    const decision = authorise(principal, access);
    if (!decision.allowed) invalidMapping(id, decision.message);
  }
}
