import type { Limits } from '#core/model/limits.ts';
import type { ReviewNumber } from '#core/model/review-number.ts';
import type { SecondFactor, SessionLimits } from '#core/model/session.ts';
import type { ReceiptRules, SmsProvider } from '#core/model/sms-provider.ts';
import type { Spending } from '#core/model/spending.ts';
import type { RelyingService } from '#core/model/transaction.ts';
import type { Country } from '#core/values/phone.ts';

/**
 * The settings of the functions: stage configuration that names no resource. It travels in a function's bundle, because
 * Lambda's environment takes 4 kB only (docs/decisions/0040). `lib/config/stage-config.ts` checks the configuration when
 * the app is synthesised, so no function checks it again at its cold start (docs/decisions/0041).
 */
export interface Settings {
  readonly LIMITS: Limits;
  /** When a right password is not enough. */
  readonly SECOND_FACTOR: SecondFactor;
  /** Whether a login takes a national ID in place of the username. */
  readonly NATIONAL_ID_LOGIN: boolean;
  /** How long sessions live. */
  readonly SESSIONS: SessionLimits;
  /** Countries whose mobiles are sent to. */
  readonly DESTINATIONS: readonly Country[];
  /** What SMS may cost. */
  readonly SPENDING: Spending;
  /** Numbers of those who review apps for their stores. */
  readonly REVIEW_NUMBERS: readonly ReviewNumber[];
  /** Services of others; none where there are none. */
  readonly RELYING_SERVICES: readonly RelyingService[];
  /** The SMS providers, in the order they are asked. */
  readonly SMS_PROVIDERS: readonly SmsProvider[];
  /** How to read the providers' receipts, by name of the provider. */
  readonly RECEIPT_RULES: Readonly<Record<string, ReceiptRules>>;
  /** Host the SMS binds its code to and problem types point to, such as `portal.example.gov.sa`. */
  readonly PORTAL_HOST: string;
  /** Origins of the pages in our own apps' WebViews. */
  readonly APP_ORIGINS: readonly string[];
  /** Sender ID of the SMS, registered with the operators, 11 characters at most. */
  readonly SMS_SENDER_ID: string;
  /** Who an authenticator app says its codes are for. */
  readonly ISSUER_NAME: string;
  readonly TERMS_VERSION: string;
}

declare global {
  /**
   * The stage's settings, each as JSON. This object does not exist in a bundle: esbuild puts the text in place of each
   * `SETTINGS.<NAME>`, so a function does not carry the settings it does not name. Unit tests set a global of this name.
   */
  const SETTINGS: Readonly<Record<keyof Settings, string>>;
}

/**
 * Reads the settings of a function, once at its cold start.
 * @param given the settings it uses, each written as `NAME: SETTINGS.NAME`
 */
export function settingsOf<Name extends keyof Settings>(
  given: Readonly<Record<Name, string>>,
): Pick<Settings, Name> {
  const read = Object.entries<string>(given).map(([name, json]) => [name, JSON.parse(json)]);
  return Object.fromEntries(read) as Pick<Settings, Name>;
}
