import * as z from 'zod';
import type { AnswerRule, HttpProvider, SmsProvider } from '#core/model/sms-provider.ts';

const text = z.string().min(1);
const texts = z.array(text).min(1);

const rule = z.object({
  statuses: z.array(z.int()).min(1),
  field: z.object({ path: text, equals: texts }).optional(),
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

/**
 * The providers as `lib/config/sms.ts` passes them, in the order they are asked. The sender does not use their receipt
 * rules.
 */
export const providers = z
  .array(z.discriminatedUnion('kind', [sns, http]))
  .min(1) satisfies z.ZodType<SmsProvider[]>;
