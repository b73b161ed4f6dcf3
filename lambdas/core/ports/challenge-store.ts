import type {
  AddressUnit,
  Challenge,
  ClaimedChallenge,
  Method,
  StoredChallenge,
} from '../model/challenge.ts';
import type { Charge, ChargedUnit, LedgerKey } from '../model/ledger.ts';
import type { Purpose } from '../model/purpose.ts';
import type { ReviewedPhones } from '../model/review-number.ts';
import type { RefusedCharge } from './ledger-store.ts';
import type { Outbox } from './outbox.ts';

/** A request that claims a ticket. Instants: epoch seconds. */
export interface TicketRequest<P extends Purpose> {
  readonly purpose: P;
  /** Fingerprint of the request. */
  readonly usedBy: string;
  readonly now: number;
  /** The end of the lease. */
  readonly until: number;
  readonly maxUses: number;
}

export type TicketAnswer<P extends Purpose> =
  | { readonly kind: 'claimed'; readonly challenge: ClaimedChallenge<P> }
  /** Another request holds the ticket until then. */
  | { readonly kind: 'busy'; readonly until: number }
  /** This same request has spent it. */
  | { readonly kind: 'done'; readonly challenge: ClaimedChallenge<P> }
  | { readonly kind: 'refused' };

/** What a send changes on its challenge. Instants: epoch seconds. */
export interface NextSend {
  readonly sendAgainAt: number;
  readonly expiresAt: number;
  /** The unit that an address was charged for it. Absent where none was: the first send is a part of its start. */
  readonly addressUnit?: AddressUnit;
  /** The reservation that pays for this send, in place of that of the send before. */
  readonly reservedAt?: number;
  /**
   * The reservation is that of the send before, which is still owed and has put no SMS out. The write is `stale` if that has
   * changed since the challenge was read. Otherwise one reservation could pay for two SMS.
   */
  readonly carriesOver?: true;
}

/** What a verified code gives back. */
export interface ProvenUse {
  /** Counts the verified SMS of its phone. */
  readonly ledger: LedgerKey;
  /** Epoch seconds of the verification. It selects the day. */
  readonly at: number;
  /** The SMS that its challenge sent. */
  readonly sms: number;
  /** The verified SMS of a day that give something back. */
  readonly most: number;
  /** The units that the sends took from phone and account. */
  readonly units: readonly ChargedUnit[];
}

/** All instants are epoch seconds. All writes are conditional; a failed condition changes nothing. */
export interface ChallengeStore extends Outbox {
  /**
   * Stores a new challenge, makes the charges and returns an earlier unit, in one transaction. `exists`: a parallel
   * request with the same idempotency key was faster.
   * @param returned the unit to return
   */
  start(
    challenge: Challenge,
    charges: Charge[],
    now: number,
    returned?: ChargedUnit,
  ): Promise<{ kind: 'started' } | { kind: 'exists' } | RefusedCharge>;
  find(idHash: string): Promise<StoredChallenge | undefined>;
  /**
   * Marks the next send as owed and makes the charges, in one transaction. `stale`: the challenge has changed
   * since.
   */
  send(
    read: Challenge,
    next: NextSend,
    charges: Charge[],
    now: number,
  ): Promise<{ kind: 'sent' } | { kind: 'stale' } | RefusedCharge>;
  /**
   * `pending` → `verified`, if the code was right, the challenge is live and not a decoy, and its SMS may be out. With
   * `keyVersions`, that SMS must have held the code of one of these versions. With `reviewed`, the challenge must also belong to one of those phones. `nonce` recognises a retried write and a replay
   * with the same idempotency key: then `before` is set, and the ticket keeps its original expiry.
   */
  verify(
    idHash: string,
    at: {
      right: boolean;
      keyVersions?: readonly number[];
      reviewed?: ReviewedPhones;
      now: number;
      ticketExpiresAt: number;
      maxAttempts: number;
      nonce: string;
    },
  ): Promise<
    | { kind: 'verified'; ticketExpiresAt: number; before?: true }
    | { kind: 'unchanged'; challenge: StoredChallenge | undefined }
  >;
  /** Counts a replay of the verification, up to `max`. `refused`: no replay is left, or the ticket has expired. */
  countReplay(
    idHash: string,
    at: { now: number; max: number },
  ): Promise<{ kind: 'counted' } | { kind: 'refused' }>;
  /**
   * Counts one attempt, if the challenge is live and accepts `method`, where one is given. The returned challenge
   * includes the attempt.
   */
  countAttempt(
    idHash: string,
    at: { now: number; maxAttempts: number; method?: Method },
  ): Promise<
    | { kind: 'counted'; challenge: Challenge }
    | { kind: 'unchanged'; challenge: StoredChallenge | undefined }
  >;
  /**
   * `verified` → `in-use` by one request. The same request may claim the ticket again at once, another request after the
   * lease ends.
   */
  claimTicket<P extends Purpose>(
    idHash: string,
    request: TicketRequest<P>,
  ): Promise<TicketAnswer<P>>;
  /**
   * Makes a verified ticket that is not spent good until then. `refused`: it has expired or is spent, or is for another
   * purpose.
   */
  extendTicket(
    idHash: string,
    at: { purpose: Purpose; now: number; until: number },
  ): Promise<{ kind: 'extended' } | { kind: 'refused' }>;
  /**
   * Counts one attempt at the second factor of a ticket that this request holds. `refused`: no attempt is left, or
   * another request holds the ticket.
   */
  countTicketAttempt(
    idHash: string,
    at: { usedBy: string; maxAttempts: number },
  ): Promise<{ kind: 'counted'; challenge: Challenge } | { kind: 'refused' }>;
  /** `in-use` → `verified`, if this request holds the ticket. To be called when the request was refused. */
  releaseTicket(idHash: string, usedBy: string): Promise<void>;
  /**
   * Ends the lease of a request at `now`, if the request holds the ticket, and takes back the use that its claim counted.
   * To be called when nobody judged the request. Its parallel copies still hold the ticket until another request claims
   * it. A ticket returns uses to the first such request alone: others could probe for names. For them nothing changes.
   */
  endLease(idHash: string, usedBy: string, now: number): Promise<void>;
  /**
   * Marks a verified code as counted, once: the stream delivers a record at least once. Where nothing is given back
   * for it.
   */
  countVerified(idHash: string): Promise<{ kind: 'counted' } | { kind: 'counted-before' }>;
  /**
   * Marks a verified code as counted, counts its SMS for the phone and returns its units, in one transaction: a crash
   * loses and repeats nothing. `first`: no code of this phone was verified before on that day. `full`: the phone has
   * had as many as give something back; the code is marked and nothing else changes.
   */
  giveBack(
    idHash: string,
    proven: ProvenUse,
  ): Promise<{ kind: 'first' | 'further' | 'full' | 'counted-before' }>;
  /**
   * `verified` → `spent` by one request, for a transaction of this relying service. The same request gets `redeemed`
   * again for `repeatSeconds`. Every other request, and every other kind of ticket, is refused.
   */
  redeemTicket(
    idHash: string,
    use: { service: string; usedBy: string; now: number; repeatSeconds: number },
  ): Promise<
    { kind: 'redeemed'; challenge: ClaimedChallenge<'transaction'> } | { kind: 'refused' }
  >;
  /** `in-use` → `spent`, if this request holds the ticket. Repeating the call also answers `spent`. */
  spendTicket(idHash: string, usedBy: string): Promise<{ kind: 'spent' } | { kind: 'lost' }>;
}
