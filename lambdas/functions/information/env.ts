import * as z from 'zod';
import { variables } from '../environment.ts';

const schema = z.object({
  PORTAL_HOST: variables.PORTAL_HOST,
  TERMS_VERSION: variables.TERMS_VERSION,
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
