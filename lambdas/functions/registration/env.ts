import { environmentOf } from '../environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'IDENTITY_TAGS_SECRET_ARN',
  'IDENTITY_TAGS_KMS_KEY_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'USERNAME_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'EDGE_SECRET_ARN',
  'USER_POOL_ID',
);

export type Environment = typeof environment;
export const env = {
  ...environment,
  ...settingsOf({
    LIMITS: SETTINGS.LIMITS,
    REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
    SPENDING: SETTINGS.SPENDING,
    DESTINATIONS: SETTINGS.DESTINATIONS,
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    APP_ORIGINS: SETTINGS.APP_ORIGINS,
    TERMS_VERSION: SETTINGS.TERMS_VERSION,
  }),
};
