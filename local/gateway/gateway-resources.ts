import * as z from 'zod';
import type { Resource } from '../template/template.ts';

/** A resource whose intrinsics are resolved. Other resources refer to its `physicalId`. */
export type ResolvedResource = Pick<Resource, 'logicalId' | 'physicalId' | 'properties'>;

/** Returns the resources of one CloudFormation type, for example `AWS::ApiGateway::Method`. */
export type Resources = (type: string) => ResolvedResource[];

/**
 * Reads the physical ids and properties of every resource of a type.
 * @throws Error that names the resource if it uses what the local gateway does not support
 */
export function read<Schema extends z.ZodType>(
  resources: Resources,
  type: string,
  schema: Schema,
): { physicalId: string; properties: z.output<Schema> }[] {
  return resources(type).map(({ logicalId, physicalId, properties }) => {
    const result = schema.safeParse(properties);
    if (result.success) return { physicalId, properties: result.data };
    throw new Error(
      `The local gateway cannot serve ${type} ${logicalId}:\n${z.prettifyError(result.error)}`,
    );
  });
}
