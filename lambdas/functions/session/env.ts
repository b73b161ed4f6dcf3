import { environmentOf } from '../environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'SESSIONS_SECRET_ARN',
  'TAGS_SECRET_ARN',
  'IDENTITY_TAGS_SECRET_ARN',
  'IDENTITY_TAGS_KMS_KEY_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'USERNAME_SEALS_SECRET_ARN',
  'EDGE_SECRET_ARN',
  'USER_POOL_ID',
  'CLIENT_ID',
);

export type Environment = typeof environment;
export const env = {
  ...environment,
  ...settingsOf({
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    APP_ORIGINS: SETTINGS.APP_ORIGINS,
    LIMITS: SETTINGS.LIMITS,
    REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
    SECOND_FACTOR: SETTINGS.SECOND_FACTOR,
    NATIONAL_ID_LOGIN: SETTINGS.NATIONAL_ID_LOGIN,
    SESSIONS: SETTINGS.SESSIONS,
  }),
};
