import * as z from 'zod';
import { variables } from './environment.ts';

type Shared = typeof variables;

/**
 * Schema of a function's environment, from the names of the shared variables it uses. Add variables of its own with
 * `.extend`. Each `env.ts` exports the schema's input type for the CDK construct: a missing or misspelt variable does
 * not compile.
 */
export function environmentOf<Name extends keyof Shared>(...names: Name[]) {
  const picked = Object.fromEntries(names.map((name) => [name, variables[name]]));
  return z.object(picked as Pick<Shared, Name>);
}
