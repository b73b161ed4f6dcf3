import * as z from 'zod';
import type {
  AnswerRule,
  HttpProvider,
  ReceiptRules,
  SmsProvider,
} from '#core/model/sms-provider.ts';

const text = z.string().min(1);
const headerName = z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be in lower case' });
/** Name of a key in the secret of the sending keys, or in that of the receipts' keys. */
const keyName = z.string().regex(/^[\w-]{1,64}$/);
const path = z.string().regex(/^[\w-]+(\.[\w-]+)*$/);

const rule = z.strictObject({
  statuses: z.array(z.int().min(100).max(599)).min(1),
  field: z.strictObject({ path, equals: z.array(text).min(1) }).optional(),
}) satisfies z.ZodType<AnswerRule>;

const receipts = z
  .strictObject({
    key: keyName,
    signatureHeader: headerName.default('x-hawiya-signature'),
    timestampHeader: headerName.default('x-hawiya-timestamp'),
    reference: path,
    status: path,
    delivered: z.array(text).min(1),
    failed: z.array(text).default([]),
  })
  .refine(({ delivered, failed }) => !delivered.some((status) => failed.includes(status)), {
    error: 'a status cannot mean both delivered and failed',
  }) satisfies z.ZodType<ReceiptRules>;

const http = z
  .strictObject({
    kind: z.literal('http'),
    /** Appears in the address of its receipts and in logs. */
    name: z.string().regex(/^(?!sns$)[a-z][a-z0-9-]{1,30}$/),
    url: z.url({ protocol: /^https?$/ }),
    method: z.enum(['POST', 'PUT']).default('POST'),
    headers: z.record(headerName, text).default({}),
    authorization: z
      .strictObject({ header: headerName.default('authorization'), key: keyName })
      .optional(),
    contentType: z.enum(['json', 'form']),
    body: text,
    success: rule,
    refusal: rule,
    failure: rule.optional(),
    // Together with the seconds after which no further provider is asked, it stays below the function's timeout.
    timeoutMs: z.int().min(500).max(10_000).default(5000),
    receipts: receipts.optional(),
  })
  .superRefine(({ body, contentType }, context) => {
    const wrong = wrongInTemplate(body, contentType);
    if (wrong) context.addIssue({ code: 'custom', path: ['body'], message: wrong });
  }) satisfies z.ZodType<HttpProvider>;

const sns = z.strictObject({
  kind: z.literal('sns'),
  /** A text to a Saudi phone costs some 5 cents. A number that costs four times that is not worth a text. */
  maxPriceUsd: z.number().positive().max(5).default(0.2),
});

/** The SMS providers, in the order they are asked. More than four would exceed the function's timeout. */
export const sms = z.strictObject({
  providers: z
    .array(z.discriminatedUnion('kind', [sns, http]))
    .min(1)
    .max(4)
    .refine((all) => new Set(all.map(nameOf)).size === all.length, {
      error: 'providers must have different names, and SNS is one of them',
    })
    .superRefine(requireOwnReceiptKeys)
    .prefault([{ kind: 'sns' }]),
});

type SmsConfig = z.output<typeof sms>;

/**
 * The holder of a webhook's key can write its receipts. If two providers shared a key, or a provider got it with every
 * SMS, one could forge the receipts of another.
 */
function requireOwnReceiptKeys(
  providers: readonly SmsProvider[],
  context: z.core.$RefinementCtx,
): void {
  const used = providers.flatMap(sendingKeys);
  providers.forEach((provider, index) => {
    const key = provider.kind === 'http' ? provider.receipts?.key : undefined;
    if (key === undefined) return;
    if (used.includes(key)) {
      const message = 'must be a key that nothing else uses';
      context.addIssue({ code: 'custom', path: [index, 'receipts', 'key'], message });
    }
    used.push(key);
  });
}

/** Names of the keys that a provider receives. */
function sendingKeys(provider: SmsProvider): string[] {
  if (provider.kind === 'sns') return [];
  const inBody = [...provider.body.matchAll(/\{\{secret:([^{}]*)\}\}/g)].map(
    ([, name = '']) => name,
  );
  return provider.authorization ? [provider.authorization.key, ...inBody] : inBody;
}

/** Codes travel in these requests. Plain HTTP is only for a test provider on the machine of the `local` stage. */
export function requireHttps(
  { stage, sms }: { readonly stage: string; readonly sms: SmsConfig },
  context: z.core.$RefinementCtx,
): void {
  sms.providers.forEach((provider, index) => {
    if (provider.kind === 'sns' || provider.url.startsWith('https://')) return;
    if (stage === 'local' && /^http:\/\/127\.0\.0\.1:/.test(provider.url)) return;
    const at = ['sms', 'providers', index, 'url'];
    context.addIssue({ code: 'custom', path: at, message: 'must be https' });
  });
}

/** The providers that are reached by HTTP. Each needs a key. */
export const httpProviders = ({ sms }: { readonly sms: SmsConfig }) =>
  sms.providers.filter((provider) => provider.kind === 'http');

/** Whether SMS may leave by SNS. */
export const usesSns = ({ sms }: { readonly sms: SmsConfig }): boolean =>
  sms.providers.some(({ kind }) => kind === 'sns');

/** The receipt rules by name of the provider. Empty if no provider sends receipts. */
export function receiptRulesOf(config: {
  readonly sms: SmsConfig;
}): Readonly<Record<string, ReceiptRules>> {
  const named = httpProviders(config).flatMap(({ name, receipts: rules }) =>
    rules ? [[name, rules] as const] : [],
  );
  return Object.fromEntries(named);
}

/** Whether a provider sends receipts, and the API takes them. */
export const takesReceipts = (config: { readonly sms: SmsConfig }): boolean =>
  Object.keys(receiptRulesOf(config)).length > 0;

function nameOf(provider: SmsProvider): string {
  return provider.kind === 'sns' ? 'sns' : provider.name;
}

const placeholder = /\{\{([^{}]*)\}\}/g;
const known = /^(phone|phoneWithoutPlus|body|sender|reference|secret:[\w-]{1,64})$/;

/** @returns the mistake in a body template, for its author */
function wrongInTemplate(body: string, contentType: 'json' | 'form'): string | undefined {
  const names = [...body.matchAll(placeholder)].map(([, name = '']) => name);
  const unknown = names.find((name) => !known.test(name));
  if (unknown !== undefined) return `{{${unknown}}} is no placeholder`;
  if (!names.some((name) => name.startsWith('phone'))) return 'has no {{phone}}';
  if (!names.includes('body')) return 'has no {{body}}';
  if (contentType === 'json' && !isJson(body))
    return 'is no JSON when its placeholders are filled in';
  return undefined;
}

/** A phone without plus may stand as a number. Every other value must stand in quotes. */
function isJson(template: string): boolean {
  const filled = template.replace(placeholder, (_, name: string) =>
    name === 'phoneWithoutPlus' ? '966500000000' : 'x',
  );
  try {
    JSON.parse(filled);
    return true;
  } catch {
    return false;
  }
}
