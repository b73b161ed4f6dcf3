import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'SECRET_ARN',
  'LIMITS',
  'REVIEW_NUMBERS',
  'SPENDING',
  'DESTINATIONS',
  'PORTAL_HOST',
  'EDGE_SECRET_ARN',
  'TERMS_VERSION',
  'USER_POOL_ID',
);

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
