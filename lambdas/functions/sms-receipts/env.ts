import * as z from 'zod';
import type { ReceiptRules } from '#core/model/sms-provider.ts';
import { json, variables } from '../environment.ts';

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

const schema = z.object({
  TABLE_NAME: variables.TABLE_NAME,
  PORTAL_HOST: variables.PORTAL_HOST,
  /** ARN of the secret with the keys the webhooks are signed with, and no others. */
  RECEIPT_SECRET_ARN: z.string().min(1),
  /** How receipts are read, by name of the provider, as JSON. */
  RECEIPT_RULES: json(z.record(z.string(), rules)),
});

export type Environment = z.input<typeof schema>;
export const env = schema.parse(process.env);
