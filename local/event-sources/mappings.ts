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

/** @returns the enabled mappings of queues, or those of all other sources */
export function enabledMappings(templates: Templates, from: 'queues' | 'others'): Resource[] {
  return templates
    .resources('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties['Enabled'] !== false)
    .filter(({ properties }) => {
      const isQueue = String(properties['EventSourceArn']).split(':')[2] === 'sqs';
      return isQueue === (from === 'queues');
    });
}

/** @throws Error always: the mapping would not deploy, or is not supported */
export function invalidMapping(id: string, problem: string): never {
  throw new Error(`Event source ${id}: ${problem}`);
}

/**
 * Finds the function of a mapping.
 * @param reference name or ARN of the function
 * @throws Error if there is no such function
 */
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

/**
 * Checks the permissions of a poller, which acts with the function's role.
 * @throws Error that names the first action the role does not allow
 */
export function requirePermissions(id: string, principal: Principal, needed: Access[]): void {
  for (const access of needed) {
    const decision = authorise(principal, access);
    if (!decision.allowed) invalidMapping(id, decision.message);
  }
}
