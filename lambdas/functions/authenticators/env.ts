import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'PORTAL_HOST',
  'USER_POOL_ID',
  'CLIENT_ID',
  'SESSIONS',
  'EDGE_SECRET_ARN',
  'ISSUER_NAME',
);

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
