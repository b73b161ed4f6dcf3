export interface SmsMessage {
  /** E.164 */
  readonly phone: string;
  readonly body: string;
  /** `<idHash>.<n>`, `n.<noticeId>.1`: the item and the number of the send, which is what a delivery receipt names. */
  readonly reference: string;
}

/**
 * `refused`: this phone will never get it (opted out, no such number). `failed`: it was not taken, for certain, and may
 * be another time; `troubled` where that says something of the provider and not of the message. `unknown`: it may have
 * been taken, and may be on its way and billed. Errors have no phone, body or key in them.
 */
export type SmsAnswer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly troubled: boolean; readonly error: unknown }
  | { readonly kind: 'unknown'; readonly error: unknown };

/** One provider. It never throws: who catches could not tell whether the SMS is out. */
export interface SmsGateway {
  send(message: SmsMessage): Promise<SmsAnswer>;
}

export interface SmsRoute extends SmsGateway {
  /** Of the provider. */
  readonly name: string;
  /** It failed lately, again and again: it is asked if nobody else can be. */
  readonly resting: boolean;
}

export interface SmsRoutes {
  /** @param sendNumber 1 for the first send of a challenge: later ones start with another provider */
  inOrder(sendNumber: number): Iterable<SmsRoute>;
}
