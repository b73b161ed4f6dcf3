import { environmentOf } from '../environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'RELYING_CLIENTS',
);

export type Environment = typeof environment;
export const env = {
  ...environment,
  RELYING_CLIENTS: JSON.parse(environment.RELYING_CLIENTS) as Readonly<Record<string, string>>,
  ...settingsOf({
    LIMITS: SETTINGS.LIMITS,
    REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
    DESTINATIONS: SETTINGS.DESTINATIONS,
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    APP_ORIGINS: SETTINGS.APP_ORIGINS,
    RELYING_SERVICES: SETTINGS.RELYING_SERVICES,
  }),
};
