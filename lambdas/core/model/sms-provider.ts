/*
 * What a stage may say about who delivers its SMS. `lib/config/sms.ts` validates it and hands it to the functions
 * as environment variables; the sender reads all of it, the webhook the receipts' part.
 */

/** When an answer counts: its status is listed and, where a field is named, that field's value too. */
export interface AnswerRule {
  readonly statuses: readonly number[];
  readonly field?: {
    /** Dots between names and array indices: `messages.0.status`. */
    readonly path: string;
    /** Compared as text: `true` is "true". */
    readonly equals: readonly string[];
  };
}

/** How a provider's delivery receipts are read. All header names in lower case. */
export interface ReceiptRules {
  /** Name, in the secret of the receipts' keys, of the one its webhook is signed with; no other provider's. */
  readonly key: string;
  readonly signatureHeader: string;
  readonly timestampHeader: string;
  /** Paths of the JSON fields that hold our reference and the status. */
  readonly reference: string;
  readonly status: string;
  /** Statuses, compared as text; one in neither list says nothing yet. */
  readonly delivered: readonly string[];
  readonly failed: readonly string[];
}

export interface SnsProvider {
  readonly kind: 'sns';
  /** Most that one SMS may cost; SNS does not send a dearer one. */
  readonly maxPriceUsd: number;
}

/** An aggregator that takes an SMS by one HTTP request. */
export interface HttpProvider {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  /** The header whose whole value the providers' secret holds under `key`. */
  readonly authorization?: { readonly header: string; readonly key: string };
  readonly contentType: 'json' | 'form';
  /** `{{phone}}`, `{{phoneWithoutPlus}}`, `{{body}}`, `{{sender}}`, `{{reference}}`, `{{secret:<key>}}`. */
  readonly body: string;
  readonly success: AnswerRule;
  /**
   * This phone will never get it; any other answer may be another one next time. Without the rule, a dead number would
   * count as a provider's failure.
   */
  readonly refusal: AnswerRule;
  /** It was not taken and may be another time, where the status alone does not say so: 200 with `success: false`. */
  readonly failure?: AnswerRule;
  readonly timeoutMs: number;
  readonly receipts?: ReceiptRules;
}

export type SmsProvider = SnsProvider | HttpProvider;
