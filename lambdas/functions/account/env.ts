import { environmentOf } from '../environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'EDGE_SECRET_ARN',
);

export type Environment = typeof environment;
export const env = {
  ...environment,
  ...settingsOf({
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    APP_ORIGINS: SETTINGS.APP_ORIGINS,
    SESSIONS: SETTINGS.SESSIONS,
    TERMS_VERSION: SETTINGS.TERMS_VERSION,
  }),
};
