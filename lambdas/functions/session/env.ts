import * as z from 'zod';
import { variables } from '../environment.ts';

const schema = z.object({
  TABLE_NAME: variables.TABLE_NAME,
  SECRET_ARN: variables.SECRET_ARN,
  PORTAL_HOST: variables.PORTAL_HOST,
  LIMITS: variables.LIMITS,
  REVIEW_NUMBERS: variables.REVIEW_NUMBERS,
  SECOND_FACTOR: variables.SECOND_FACTOR,
  SESSIONS: variables.SESSIONS,
  EDGE_SECRET_ARN: variables.EDGE_SECRET_ARN,
  USER_POOL_ID: variables.USER_POOL_ID,
  CLIENT_ID: variables.CLIENT_ID,
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
