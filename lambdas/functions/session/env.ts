import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'SESSIONS_SECRET_ARN',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'PORTAL_HOST',
  'LIMITS',
  'REVIEW_NUMBERS',
  'SECOND_FACTOR',
  'SESSIONS',
  'EDGE_SECRET_ARN',
  'USER_POOL_ID',
  'CLIENT_ID',
);

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
