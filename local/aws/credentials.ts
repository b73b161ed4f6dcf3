import { randomBytes } from 'node:crypto';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import type { Templates } from '../template/template.ts';
import type { Caller } from './aws-endpoint.ts';
import { type Principal, principalOf } from './iam.ts';

export interface Credentials {
  /** @throws Error if there is no such function */
  principalOf(functionName: string): Principal;
  /** Finds the function that an access key was issued to. */
  callerOf(accessKeyId: string): Caller | undefined;
  /** The credentials as the SDK reads them from the environment. */
  environment(functionName: string): Record<string, string>;
}

/**
 * Issues credentials to every function. They are valid until the cloud stops.
 * @throws Error that names what a function's role uses and local IAM does not support
 */
export function issueCredentials(
  templates: Templates,
  definitions: FunctionDefinition[],
): Credentials {
  const issued = definitions.map(({ name, roleArn }) => ({
    functionName: name,
    principal: principalOf(templates, roleArn, name),
    accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
  }));
  const named = (name: string) => {
    const found = issued.find(({ functionName }) => functionName === name);
    if (found) return found;
    throw new Error(`There is no function ${name}`);
  };
  return {
    principalOf: (name) => named(name).principal,
    callerOf: (key) => issued.find(({ accessKeyId }) => accessKeyId === key),
    environment: (name) => ({
      AWS_ACCESS_KEY_ID: named(name).accessKeyId,
      AWS_SECRET_ACCESS_KEY: randomBytes(20).toString('hex'),
      AWS_SESSION_TOKEN: randomBytes(20).toString('hex'),
    }),
  };
}
