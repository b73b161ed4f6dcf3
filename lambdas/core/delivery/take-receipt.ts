import { isSigned, type SignedRequest } from '../crypto/webhook-signature.ts';
import { Problem } from '../model/problems.ts';
import type { ReceiptRules } from '../model/sms-provider.ts';
import type { Ports } from '../ports/index.ts';
import type { Outbox, Receipt } from '../ports/outbox.ts';
import { fieldText, parseJson } from '../values/json-field.ts';

interface Needs extends Pick<Ports, 'clock'> {
  readonly challenges: Pick<Outbox, 'recordReceipt'>;
  readonly notices: Pick<Outbox, 'recordReceipt'>;
  /** The secret of the receipts' keys. */
  readonly keys: (name: string) => Promise<string>;
  /** By name of the provider. */
  readonly rules: Readonly<Record<string, ReceiptRules>>;
}

interface Webhook {
  readonly provider: string;
  readonly body: Buffer;
  /** @param name in lower case @returns undefined where there is none */
  readonly header: (name: string) => string | undefined;
}

/** What became of a receipt; the provider is told of none of it. */
export type ReceiptOutcome = 'receipt-recorded' | 'receipt-passing' | 'receipt-unreadable';

/** Bytes of the largest receipt that is read. */
const largest = 16 * 1024;

/**
 * Takes a provider's delivery receipt. Whether its reference exists is not told, and a receipt that comes twice,
 * late, or from a provider that did not take the SMS changes nothing: the write is conditional.
 * @throws Problem unauthenticated for an unknown provider and for a signature that is wrong, old or missing
 */
export const takeReceipt =
  ({ clock, keys, rules, ...outboxes }: Needs) =>
  async (webhook: Webhook): Promise<ReceiptOutcome> => {
    const { provider, body } = webhook;
    const rule = Object.hasOwn(rules, provider) ? rules[provider] : undefined;
    if (!rule || body.length > largest) throw new Problem('unauthenticated');
    const now = clock();
    const request = signedRequest(rule, webhook);
    if (!isSigned(await keys(rule.key), request, now)) throw new Problem('unauthenticated');

    const read = readReceipt(rule, parseJson(body.toString('utf8')));
    if (typeof read === 'string') return read;
    const { of, id, sendNumber, delivery } = read;
    await outboxes[of].recordReceipt(id, { sendNumber, delivery, provider, now });
    return 'receipt-recorded';
  };

function signedRequest(
  { signatureHeader, timestampHeader }: ReceiptRules,
  { provider, body, header }: Webhook,
): SignedRequest {
  return {
    provider,
    body,
    timestamp: header(timestampHeader) ?? '',
    signature: header(signatureHeader) ?? '',
  };
}

interface Reference extends Pick<Receipt, 'sendNumber'> {
  readonly of: 'challenges' | 'notices';
  readonly id: string;
}

type Reading = Reference & Pick<Receipt, 'delivery'>;

function readReceipt(
  rule: ReceiptRules,
  json: unknown,
): Reading | Exclude<ReceiptOutcome, 'receipt-recorded'> {
  const reference = readReference(fieldText(json, rule.reference) ?? '');
  const status = fieldText(json, rule.status);
  if (!reference || status === undefined) return 'receipt-unreadable';
  if (rule.delivered.includes(status)) return { ...reference, delivery: 'delivered' };
  if (rule.failed.includes(status)) return { ...reference, delivery: 'failed' };
  return 'receipt-passing';
}

/** `<idHash>.<n>` of a challenge, `n.<noticeId>.<n>` of a notice: no text is both. */
function readReference(text: string): Reference | undefined {
  const [, notice, id = '', number] =
    /^(n\.(?=[\w-]{22}\.)|(?=[\w-]{43}\.))([\w-]+)\.([1-9]\d{0,2})$/.exec(text) ?? [];
  if (!id) return undefined;
  return { of: notice ? 'notices' : 'challenges', id, sendNumber: Number(number) };
}
