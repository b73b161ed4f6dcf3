import * as z from 'zod';
import { variables } from '../environment.ts';

const schema = z.object({
  TABLE_NAME: variables.TABLE_NAME,
  SECRET_ARN: variables.SECRET_ARN,
  LIMITS: variables.LIMITS,
  REVIEW_NUMBERS: variables.REVIEW_NUMBERS,
  DESTINATIONS: variables.DESTINATIONS,
  PORTAL_HOST: variables.PORTAL_HOST,
  EDGE_SECRET_ARN: variables.EDGE_SECRET_ARN,
  TERMS_VERSION: variables.TERMS_VERSION,
  USER_POOL_ID: variables.USER_POOL_ID,
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
