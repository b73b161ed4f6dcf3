import { environmentOf } from '../environment.ts';
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

export type Environment = typeof environment;
export const env = {
  ...environment,
  ...settingsOf({
    LIMITS: SETTINGS.LIMITS,
    REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
    SPENDING: SETTINGS.SPENDING,
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    APP_ORIGINS: SETTINGS.APP_ORIGINS,
  }),
};
