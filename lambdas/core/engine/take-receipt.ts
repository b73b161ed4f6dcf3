import type { Receipt } from '../challenge-ports.ts';
import { isSigned, type SignedRequest } from '../crypto/webhook-signature.ts';
import { fieldText, parseJson } from '../json-field.ts';
import type { Ports } from '../ports.ts';
import { Problem } from '../problems.ts';
import type { ReceiptRules } from '../sms-provider.ts';

interface Needs extends Pick<Ports, 'clock'> {
  readonly challenges: Pick<Ports['challenges'], 'recordReceipt'>;
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
export type Taken = 'receipt-recorded' | 'receipt-passing' | 'receipt-unreadable';

/** Bytes of the largest receipt that is read. */
const largest = 16 * 1024;

/**
 * Takes a provider's delivery receipt. Whether its reference exists is not told, and a receipt that comes twice,
 * late, or from a provider that did not take the SMS changes nothing: the write is conditional.
 * @throws Problem unauthenticated for an unknown provider and for a signature that is wrong, old or missing
 */
export const takeReceipt =
  ({ clock, challenges, keys, rules }: Needs) =>
  async (webhook: Webhook): Promise<Taken> => {
    const { provider, body } = webhook;
    const rule = Object.hasOwn(rules, provider) ? rules[provider] : undefined;
    if (!rule || body.length > largest) throw new Problem('unauthenticated');
    const now = clock();
    const request = signedRequest(rule, webhook);
    if (!isSigned(await keys(rule.key), request, now)) throw new Problem('unauthenticated');

    const read = readReceipt(rule, parseJson(body.toString('utf8')));
    if (typeof read === 'string') return read;
    const { idHash, sendNumber, delivery } = read;
    await challenges.recordReceipt(idHash, { sendNumber, delivery, provider, now });
    return 'receipt-recorded';
  };

function signedRequest(
  { signatureHeader, timestampHeader }: ReceiptRules,
  { provider, body, header }: Webhook,
): SignedRequest {
  return {
    ...{ provider, body },
    timestamp: header(timestampHeader) ?? '',
    signature: header(signatureHeader) ?? '',
  };
}

interface Reading extends Pick<Receipt, 'sendNumber' | 'delivery'> {
  readonly idHash: string;
}

function readReceipt(
  rule: ReceiptRules,
  json: unknown,
): Reading | Exclude<Taken, 'receipt-recorded'> {
  const [, idHash, number] =
    /^([\w-]{43})\.([1-9]\d{0,2})$/.exec(fieldText(json, rule.reference) ?? '') ?? [];
  const status = fieldText(json, rule.status);
  if (!idHash || status === undefined) return 'receipt-unreadable';
  const sendNumber = Number(number);
  if (rule.delivered.includes(status)) return { idHash, sendNumber, delivery: 'delivered' };
  if (rule.failed.includes(status)) return { idHash, sendNumber, delivery: 'failed' };
  return 'receipt-passing';
}
