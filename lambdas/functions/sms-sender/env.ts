import * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';
import { settingsOf } from '../settings.ts';

const settings = settingsOf({
  LIMITS: SETTINGS.LIMITS,
  REVIEW_NUMBERS: SETTINGS.REVIEW_NUMBERS,
  PORTAL_HOST: SETTINGS.PORTAL_HOST,
  SMS_SENDER_ID: SETTINGS.SMS_SENDER_ID,
  SMS_PROVIDERS: SETTINGS.SMS_PROVIDERS,
  SPENDING: SETTINGS.SPENDING,
});

const environment = environmentOf(
  'TABLE_NAME',
  'CODES_SECRET_ARN',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
)
  .extend({
    /** Queue of the sends that no provider could take. */
    RETRY_QUEUE_URL: z.url(),
    /** ARN of the secret with the keys of the providers reached by HTTP. */
    PROVIDER_SECRET_ARN: z.string().min(1).optional(),
  })
  .refine(
    ({ PROVIDER_SECRET_ARN }) =>
      PROVIDER_SECRET_ARN || settings.SMS_PROVIDERS.every(({ kind }) => kind === 'sns'),
    {
      error: 'PROVIDER_SECRET_ARN is missing: a provider is reached by HTTP',
    },
  );

export type Environment = z.input<typeof environment>;
export const env = {
  ...environment.parse(process.env),
  ...settings,
};
