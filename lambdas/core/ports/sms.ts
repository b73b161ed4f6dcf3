/** One SMS as a provider receives it. */
export interface SmsMessage {
  /** E.164 */
  readonly phone: string;
  readonly body: string;
  /** The item and the number of the send, by which a receipt names the SMS: `<purpose>.<hash>.<n>` or `n.<noticeId>.1`. */
  readonly reference: string;
}

/**
 * A provider's answer.
 * - `refused`: the provider will never deliver to this phone (opted out, no such number).
 * - `failed`: the provider certainly did not accept the SMS, and a retry may succeed. `troubled` is true if the cause is
 *   the provider and not the message.
 * - `unknown`: the provider may have accepted the SMS, so it may be out and billed.
 *
 * Errors contain no phone, body or key.
 */
export type SmsAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly troubled: boolean; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: unknown };

/** One provider. `send` never throws, because a caller that catches an error could not tell whether the SMS is out. */
export interface SmsGateway {
  send(message: SmsMessage): Promise<SmsAnswer>;
}

/** A provider as a candidate for one send. */
export interface SmsRoute extends SmsGateway {
  /** Name of the provider. */
  readonly name: string;
  /** The provider failed repeatedly of late, so it is the last resort. */
  readonly circuitOpen: boolean;
}

/** The configured providers. */
export interface SmsRoutes {
  /**
   * Lists the providers in the order in which to try them.
   * @param sendNumber 1 for the first send of a challenge; each later send starts with the next provider
   */
  inOrder(sendNumber: number): Iterable<SmsRoute>;
}
