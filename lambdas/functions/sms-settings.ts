import * as z from 'zod';
import type {
  AnswerRule,
  HttpProvider,
  ReceiptRules,
  SmsProvider,
} from '#core/model/sms-provider.ts';

/**
 * The providers as `lib/config/sms.ts` has them, in the order they are asked. The sender does not use their receipt
 * rules.
 */
export function smsProviders() {
  const text = z.string().min(1);
  const rule = z.object({
    statuses: z.array(z.int()).min(1),
    field: z.object({ path: text, equals: z.array(text).min(1) }).optional(),
  }) satisfies z.ZodType<AnswerRule>;

  const http = z.object({
    kind: z.literal('http'),
    name: text,
    // Plain HTTP is for a test provider on the same machine.
    url: z.string().regex(/^(https:\/\/|http:\/\/127\.0\.0\.1:)/),
    method: z.enum(['POST', 'PUT']),
    headers: z.record(z.string(), z.string()),
    authorization: z.object({ header: text, key: text }).optional(),
    contentType: z.enum(['json', 'form']),
    body: text,
    success: rule,
    refusal: rule,
    failure: rule.optional(),
    timeoutMs: z.int().positive(),
  }) satisfies z.ZodType<HttpProvider>;

  const sns = z.object({ kind: z.literal('sns'), maxPriceUsd: z.number().positive() });
  return z.array(z.discriminatedUnion('kind', [sns, http])).min(1) satisfies z.ZodType<
    SmsProvider[]
  >;
}

/** How to read receipts, by name of the provider. */
export function receiptRules() {
  const text = z.string().min(1);
  const rules = z.object({
    key: text,
    signatureHeader: text,
    timestampHeader: text,
    reference: text,
    status: text,
    delivered: z.array(text).readonly(),
    failed: z.array(text).readonly(),
  }) satisfies z.ZodType<ReceiptRules>;
  return z.record(z.string(), rules);
}
