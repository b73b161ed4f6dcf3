import * as z from 'zod';
import { environmentOf } from '../parse-environment.ts';
import { settingsOf } from '../settings.ts';

const environment = environmentOf('TABLE_NAME').extend({
  /** ARN of the secret with the keys that sign the webhooks, and no others. */
  RECEIPT_SECRET_ARN: z.string().min(1),
});

export type Environment = z.input<typeof environment>;
export const env = {
  ...environment.parse(process.env),
  ...settingsOf({
    PORTAL_HOST: SETTINGS.PORTAL_HOST,
    RECEIPT_RULES: SETTINGS.RECEIPT_RULES,
  }),
};
