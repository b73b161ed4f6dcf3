import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'PORTAL_HOST',
  'SESSIONS',
  'TERMS_VERSION',
  'EDGE_SECRET_ARN',
);

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
