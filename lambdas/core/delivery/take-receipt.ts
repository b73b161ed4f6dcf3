import { isSigned, type SignedRequest } from '../crypto/webhook-signature.ts';
import { Problem } from '../model/problems.ts';
import type { ReceiptRules } from '../model/sms-provider.ts';
import type { Ports } from '../ports/index.ts';
import type { Outbox, Receipt } from '../ports/outbox.ts';
import { fieldText, parseJson } from '../values/json-field.ts';

interface Needs extends Pick<Ports, 'clock'> {
  readonly challenges: Pick<Outbox, 'recordReceipt'>;
  readonly notices: Pick<Outbox, 'recordReceipt'>;
  /** Reads a signing key by its name from the secret of the receipt keys. */
  readonly keys: (name: string) => Promise<string>;
  /** The receipt rules by provider name. */
  readonly rules: Readonly<Record<string, ReceiptRules>>;
}

interface Webhook {
  readonly provider: string;
  readonly body: Buffer;
  /** @param name in lower case @returns undefined for a missing header */
  readonly header: (name: string) => string | undefined;
}

/**
 * The outcome of a receipt, for logs and metrics. The answer to the provider is the same for all of them.
 * `receipt-passing`: the status is an intermediate one.
 */
export type ReceiptOutcome = 'receipt-recorded' | 'receipt-passing' | 'receipt-unreadable';

/** Bytes of the largest accepted receipt. */
const largest = 16 * 1024;

/**
 * Processes a provider's delivery receipt. The outcome does not reveal whether its reference exists. The write is
 * conditional: a repeated or late receipt, or one of a provider that did not accept the SMS, changes nothing.
 * @throws Problem unauthenticated for an unknown provider, a receipt of more than 16 KiB, or a signature that is wrong,
 *   old or missing
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

/** Reads `<purpose>.<hash>.<n>` of a challenge or `n.<noticeId>.<n>` of a notice. No text matches both. */
function readReference(text: string): Reference | undefined {
  const [, notice, noticeId, idHash, number] =
    /^(?:(n)\.([\w-]{22})|([a-z-]{2,}\.[\w-]{43}))\.([1-9]\d{0,2})$/.exec(text) ?? [];
  const id = noticeId ?? idHash;
  if (id === undefined) return undefined;
  return { of: notice ? 'notices' : 'challenges', id, sendNumber: Number(number) };
}
