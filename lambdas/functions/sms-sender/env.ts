import * as z from 'zod';
import { json } from '../environment.ts';
import { environmentOf } from '../parse-environment.ts';
import { providers } from './providers.ts';

const environment = environmentOf(
  'TABLE_NAME',
  'CODES_SECRET_ARN',
  'TAGS_SECRET_ARN',
  'PHONE_SEALS_SECRET_ARN',
  'SEALS_SECRET_ARN',
  'LIMITS',
  'REVIEW_NUMBERS',
  'PORTAL_HOST',
  'SMS_SENDER_ID',
  'SPENDING',
)
  .extend({
    /** Queue of the sends that no provider could take. */
    RETRY_QUEUE_URL: z.url(),
    /** The SMS providers, as JSON. */
    SMS_PROVIDERS: json(providers),
    /** ARN of the secret with the keys of the providers reached by HTTP. */
    PROVIDER_SECRET_ARN: z.string().min(1).optional(),
  })
  .refine(
    (env) => env.PROVIDER_SECRET_ARN || env.SMS_PROVIDERS.every(({ kind }) => kind === 'sns'),
    {
      error: 'PROVIDER_SECRET_ARN is missing: a provider is reached by HTTP',
    },
  );

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
