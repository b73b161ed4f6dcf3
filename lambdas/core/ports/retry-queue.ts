/** A send that the outbox owes: of a code or of a notice. */
export type OwedSend = OwedCode | OwedNotice;

export interface OwedCode extends Owed {
  readonly idHash: string;
}

export interface OwedNotice extends Owed {
  readonly noticeId: string;
}

export interface Owed {
  readonly sendNumber: number;
  /** Number of finished rounds through the providers. 0 for a send that comes from the table's stream. */
  readonly round: number;
}

/**
 * Holds sends until their next round. They do not wait in the table's stream, because the sends behind them would wait
 * too.
 */
export interface RetryQueue {
  /** @param seconds delay of the next round */
  later(send: OwedSend, seconds: number): Promise<void>;
}
