/** A send the outbox owes: a code's or a notice's. */
export type OwedSend = OwedCode | OwedNotice;

export interface OwedCode extends Owed {
  readonly idHash: string;
}

export interface OwedNotice extends Owed {
  readonly noticeId: string;
}

export interface Owed {
  readonly sendNumber: number;
  /** How often the providers have been asked in turn; 0 for a send that comes from the table's stream. */
  readonly round: number;
}

/** Where sends wait for their next round, outside the stream: there, they would hold up whoever is behind them. */
export interface RetryQueue {
  later(send: OwedSend, seconds: number): Promise<void>;
}
