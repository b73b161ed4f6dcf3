import * as z from 'zod';
import { variables } from '../environment.ts';

const schema = z.object({
  TABLE_NAME: variables.TABLE_NAME,
  SECRET_ARN: variables.SECRET_ARN,
  PORTAL_HOST: variables.PORTAL_HOST,
  USER_POOL_ID: variables.USER_POOL_ID,
  CLIENT_ID: variables.CLIENT_ID,
  SESSIONS: variables.SESSIONS,
  EDGE_SECRET_ARN: variables.EDGE_SECRET_ARN,
  ISSUER_NAME: variables.ISSUER_NAME,
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
