/*
 * The SMS providers that a stage may configure. `lib/config/sms.ts` validates the configuration, and it travels in the
 * functions' bundles. The sender has all of it, the webhook only the receipt rules.
 */

/** Matches an HTTP answer by its status and, if a field is named, also by the value of that field. */
export interface AnswerRule {
  readonly statuses: readonly number[];
  readonly field?: {
    /** Names and array indices separated by dots: `messages.0.status`. */
    readonly path: string;
    /** Compared as text: `true` is "true". */
    readonly equals: readonly string[];
  };
}

/** How to read a provider's delivery receipts. All header names are in lower case. */
export interface ReceiptRules {
  /** Name of the webhook's signing key in the secret of the receipt keys. Each provider has its own key. */
  readonly key: string;
  readonly signatureHeader: string;
  readonly timestampHeader: string;
  /** Path of the JSON field with our reference, and path of the one with the status. */
  readonly reference: string;
  readonly status: string;
  /** Final statuses, compared as text. A status in neither list is an intermediate one. */
  readonly delivered: readonly string[];
  readonly failed: readonly string[];
}

export interface SnsProvider {
  readonly kind: 'sns';
  /** Highest price of one SMS in USD. SNS does not send a more expensive one. */
  readonly maxPriceUsd: number;
}

/** An aggregator that accepts an SMS in one HTTP request. */
export interface HttpProvider {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  /** The header for the credential. The providers' secret holds its whole value under `key`. */
  readonly authorization?: { readonly header: string; readonly key: string };
  readonly contentType: 'json' | 'form';
  /**
   * Template of the request body, with the placeholders `{{phone}}`, `{{phoneWithoutPlus}}`, `{{body}}`, `{{sender}}`,
   * `{{reference}}` and `{{secret:<key>}}`.
   */
  readonly body: string;
  /** The provider accepted the SMS. */
  readonly success: AnswerRule;
  /**
   * The provider will never deliver to this phone, whereas a retry may change any other answer. Without this rule, a
   * dead number would count as a failure of the provider.
   */
  readonly refusal: AnswerRule;
  /**
   * The provider did not accept the SMS, and a retry may succeed. The rule is for providers whose status alone does not
   * say so, such as 200 with `success: false`.
   */
  readonly failure?: AnswerRule;
  readonly timeoutMs: number;
  readonly receipts?: ReceiptRules;
}

export type SmsProvider = SnsProvider | HttpProvider;
