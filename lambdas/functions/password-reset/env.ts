import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'IDENTITY_TAGS_SECRET_ARN',
  'IDENTITY_TAGS_KMS_KEY_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'LIMITS',
  'REVIEW_NUMBERS',
  'PORTAL_HOST',
  'EDGE_SECRET_ARN',
  'USER_POOL_ID',
);

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
