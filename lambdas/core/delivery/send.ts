import type { SendState } from '../model/challenge.ts';
import type { Payment } from '../model/purpose.ts';
import type { Outbox, Settlement } from '../ports/outbox.ts';
import type { SmsAnswer, SmsMessage } from '../ports/sms.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** One send of a challenge or a notice. */
export interface Send {
  /** The outbox that owes the send. */
  readonly outbox: Outbox;
  /** Id of the item in the outbox: the hash of a challenge, or the id of a notice. */
  readonly id: string;
  readonly sendNumber: number;
  /** Number of finished rounds through the providers. */
  readonly round: number;
  /** The state of the send when it was read. */
  readonly state: Pick<SendState, 'asked' | 'failedBy' | 'unansweredAt'>;
  /** The budget that pays for it. */
  readonly payment: Payment;
  /** Whether the request that promised the send has paid for the first attempt. */
  readonly reserved: boolean;
  readonly retryPolicy: RetryPolicy;
  /** Epoch seconds from which the SMS is useless. */
  readonly expiresAt: number;
  readonly message: SmsMessage;
  /** Version of the key that the code in the message is derived with; undefined for an SMS without a code. */
  readonly keyVersion: number | undefined;
}

/** The result of one round, which tries the providers one after the other. */
export interface ProviderRound {
  /**
   * - `later`: a provider may accept the send in another round.
   * - `no-budget`: the SMS could not be paid.
   * - `over`: no provider will accept the send, or no attempt is left.
   * - `overtaken`: a parallel delivery handles the send, or it is no longer owed.
   */
  readonly kind: 'accepted' | 'later' | 'no-budget' | 'over' | 'overtaken';
  /** The provider that accepted the send. */
  readonly provider?: string;
  /** A provider is in trouble. */
  readonly troubled: boolean;
  /** Entries of attempts that certainly sent nothing. */
  readonly removedAttempts: readonly string[];
  /** Providers that will never accept the send. */
  readonly refusedBy: readonly string[];
  /** A provider gave no definite answer in this round. */
  readonly unanswered: boolean;
  /** Whether an SMS of this send may be out. */
  readonly mayBeOut: boolean;
}

/** Tells whether an answer shows trouble of the provider, as opposed to the message. */
export const isTrouble = (answer: SmsAnswer): boolean =>
  answer.kind === 'unknown' || (answer.kind === 'failed' && answer.troubled);

/** The settlement of a send after its last round. */
export function settlementOf({ kind, provider, removedAttempts }: ProviderRound): Settlement {
  if (kind !== 'accepted') return { delivery: 'failed', removedAttempts };
  return { delivery: 'sent', removedAttempts, ...(provider && { provider }) };
}
