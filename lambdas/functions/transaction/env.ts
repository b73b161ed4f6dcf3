import * as z from 'zod';
import { json } from '../json.ts';
import { environmentOf } from '../parse-environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
).extend({
  /** The relying services' ids by the ids of their app clients, as JSON. */
  RELYING_CLIENTS: json(z.record(z.string(), z.string())),
});

export type Environment = z.input<typeof environment>;
export const env = {
  ...environment.parse(process.env),
  ...settingsOf({
    LIMITS: SETTINGS.LIMITS,
    REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
    DESTINATIONS: SETTINGS.DESTINATIONS,
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    RELYING_SERVICES: SETTINGS.RELYING_SERVICES,
  }),
};
