import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'SECRET_ARN',
  'PORTAL_HOST',
  'SESSIONS',
  'TERMS_VERSION',
  'EDGE_SECRET_ARN',
  'USER_POOL_ID',
  'CLIENT_ID',
);

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
