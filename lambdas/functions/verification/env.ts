import type * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'CODES_SECRET_ARN',
  'PROOFS_SECRET_ARN',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'EDGE_SECRET_ARN',
);

export type Environment = z.input<typeof environment>;
export const env = {
  ...environment.parse(process.env),
  ...settingsOf({
    LIMITS: SETTINGS.LIMITS,
    REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
    SPENDING: SETTINGS.SPENDING,
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
  }),
};
