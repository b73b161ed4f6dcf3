import * as z from 'zod';
import type { ReceiptRules } from '#core/model/sms-provider.ts';
import { json } from '../environment.ts';
import { environmentOf } from '../parse-environment.ts';

const text = z.string().min(1);
const texts = z.array(text);

const rules = z.object({
  key: text,
  signatureHeader: text,
  timestampHeader: text,
  reference: text,
  status: text,
  delivered: texts,
  failed: texts,
}) satisfies z.ZodType<ReceiptRules>;

const environment = environmentOf('TABLE_NAME', 'PORTAL_HOST').extend({
  /** ARN of the secret with the keys that sign the webhooks, and no others. */
  RECEIPT_SECRET_ARN: z.string().min(1),
  /** How to read receipts, by name of the provider, as JSON. */
  RECEIPT_RULES: json(z.record(z.string(), rules)),
});

export type Environment = z.input<typeof environment>;
export const env = environment.parse(process.env);
