import type { SendState } from '../model/challenge.ts';
import type { Payment } from '../model/purpose.ts';
import type { Outbox, Settlement } from '../ports/outbox.ts';
import type { SmsAnswer, SmsMessage } from '../ports/sms.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** One send of a challenge or a notice, as providers are asked for it. */
export interface Send {
  /** Where it is owed. */
  readonly outbox: Outbox;
  /** Of the item there: a challenge's hash, a notice's id. */
  readonly id: string;
  readonly sendNumber: number;
  /** How often the providers have been asked in turn. */
  readonly round: number;
  /** As it was read. */
  readonly state: Pick<SendState, 'asked' | 'failedBy' | 'unansweredAt'>;
  /** As what it is paid for. */
  readonly payment: Payment;
  readonly retryPolicy: RetryPolicy;
  /** Epoch seconds from which on nobody wants it any more. */
  readonly expiresAt: number;
  readonly message: SmsMessage;
}

/** What asking the providers once, in turn, came to. */
export interface ProviderRound {
  /**
   * `later`: somebody may take it another time. `over`: nobody will, or nobody may be asked again. `overtaken`:
   * somebody else delivers it, or it is no longer owed.
   */
  readonly kind: 'accepted' | 'later' | 'no-budget' | 'over' | 'overtaken';
  /** Who took it. */
  readonly provider?: string;
  /** A provider is in trouble. */
  readonly troubled: boolean;
  /** Notes of those who said no. */
  readonly removedAttempts: readonly string[];
  /** Those who will never take it. */
  readonly refusedBy: readonly string[];
  /** A provider said nothing in this round. */
  readonly unanswered: boolean;
  /** Whether this send may be out. */
  readonly mayBeOut: boolean;
}

/** Whether an answer says of its provider, and not of the message, that something is wrong. */
export const isTrouble = (answer: SmsAnswer): boolean =>
  answer.kind === 'unknown' || (answer.kind === 'failed' && answer.troubled);

/** How a send is settled after its last round. */
export function settlementOf({ kind, provider, removedAttempts }: ProviderRound): Settlement {
  if (kind !== 'accepted') return { delivery: 'failed', removedAttempts };
  return { delivery: 'sent', removedAttempts, ...(provider && { provider }) };
}
