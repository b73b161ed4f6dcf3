import * as z from 'zod';
import { json, variables } from '../environment.ts';
import { providers } from './providers.ts';

const schema = z
  .object({
    TABLE_NAME: variables.TABLE_NAME,
    SECRET_ARN: variables.SECRET_ARN,
    LIMITS: variables.LIMITS,
    REVIEW_NUMBERS: variables.REVIEW_NUMBERS,
    PORTAL_HOST: variables.PORTAL_HOST,
    SMS_SENDER_ID: variables.SMS_SENDER_ID,
    SPENDING: variables.SPENDING,
    /** Where sends wait that nobody could take. */
    RETRY_QUEUE_URL: z.url(),
    /** Who delivers, as JSON. */
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

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
