import type { Outcome } from '#core/delivery/deliver-challenge.ts';
import type { LedgerScope } from '#core/model/ledger.ts';
import type { Limits } from '#core/model/limits.ts';
import type { ProblemCode } from '#core/model/problems.ts';
import type { Purpose } from '#core/model/purpose.ts';

/** A challenge as the model knows it: its start. Everything else follows from the calls on it. */
export interface Subject {
  readonly number: number;
  readonly purpose: Purpose;
  readonly idHash: string;
  readonly code: string;
  readonly start: Op;
  /** The wrong codes it may take: fewer if it was started while the guess breaker was open. */
  readonly tries: number;
  /** Set when its claimant got the id. */
  id?: string;
  /** Set when its claimant got the ticket. */
  ticket?: string;
}

/** An action with its challenge. */
export type Act =
  | { readonly kind: 'register'; readonly phone: string }
  | { readonly kind: 'reset'; readonly username: string; readonly nationalId: string }
  | { readonly kind: 'send'; readonly on: Subject }
  | { readonly kind: 'deliver'; readonly on: Subject; readonly send: number }
  | { readonly kind: 'verify'; readonly on: Subject; readonly code: string }
  | { readonly kind: 'credit'; readonly on: Subject }
  | {
      readonly kind: 'open';
      readonly on: Subject;
      readonly forged: boolean;
      readonly username: string;
      readonly nationalId: string;
    }
  | {
      readonly kind: 'renew';
      readonly on: Subject;
      readonly forged: boolean;
      readonly password: string;
    };

/**
 * `died`: the function crashed, its caller got no answer, and any part of its work may be done.
 * `crashed`: it threw an error that is no problem, which no scenario may cause.
 */
export type Answer = 'ok' | 'died' | 'crashed' | ProblemCode;

/** One call of a use case, from its beginning to its answer. */
export interface Op {
  readonly actor: string;
  readonly act: Act;
  readonly address: string;
  /** The position among all beginnings and ends. */
  readonly begin: number;
  end: number;
  /** Epoch seconds; every reading of the clock by this call lies between the two. */
  readonly startedAt: number;
  endedAt: number;
  /** No other call was in progress. */
  alone: boolean;
  answer: Answer | undefined;
  crash?: string;
  attemptsLeft?: number;
  retryAfter?: number;
  delivery?: Outcome;
  /** The challenge that the call stored. */
  stored?: Subject;
  /** The ledger whose budget refused the call. */
  refusedBy?: { readonly scope: LedgerScope; readonly tag: string };
  /** The positions at which it claimed and released the ticket. */
  claimed?: number;
  released?: number;
  /** It gave the units of a verified code back to phone and account. */
  gaveBack?: boolean;
  /** Another request had the ticket. */
  busy?: boolean;
  /** The function crashed: it does nothing more and returns no answer. */
  dead?: boolean;
  readonly sms: { readonly phone: string; readonly body: string }[];
}

/** All calls so far. */
export interface History {
  readonly ops: Op[];
  readonly limits: Limits;
}

/**
 * A rule of the engine: returns what is wrong with a call that has just ended, given all calls
 * before it.
 */
export type Law = (history: History, op: Op) => string | undefined;

export type OpOf<Kind extends Act['kind']> = Op & { readonly act: Extract<Act, { kind: Kind }> };

export function opsOf<Kind extends Act['kind']>({ ops }: History, ...kinds: Kind[]): OpOf<Kind>[] {
  return ops.filter((op): op is OpOf<Kind> => (kinds as string[]).includes(op.act.kind));
}

export const isOf = <Kind extends Act['kind']>(op: Op, ...kinds: Kind[]): op is OpOf<Kind> =>
  (kinds as string[]).includes(op.act.kind);

/** The call may have done its work, although its caller got no answer. */
export const isUnsure = ({ answer, busy }: Op): boolean =>
  answer === undefined || answer === 'died' || (answer === 'unavailable' && !busy);
export const mayHaveDone = (op: Op): boolean => op.answer === 'ok' || isUnsure(op);
export const isBefore = (first: Op, second: Op): boolean => first.end < second.begin;

/** The calls that sent a challenge: its start, if that sends, and every `send` of it. */
export function sendsOf(history: History, subject: Subject): Op[] {
  const sends = opsOf(history, 'send').filter(({ act }) => act.on === subject);
  return subject.purpose === 'registration' ? [subject.start, ...sends] : sends;
}

/**
 * The earliest and latest instant at which its code expires; before the first send, the challenge
 * itself.
 */
export function expiryOf(history: History, subject: Subject): { from: number; to: number } {
  const sends = sendsOf(history, subject).filter(mayHaveDone);
  const first = sends.findIndex(({ answer }) => answer === 'ok');
  // A crashed call may have been the first send; the first answered one is certainly no later.
  const candidates = first < 0 ? [subject.start, ...sends] : sends.slice(0, first + 1);
  return {
    from: Math.min(...candidates.map(({ startedAt }) => startedAt)) + history.limits.codeSeconds,
    to: Math.max(...candidates.map(({ endedAt }) => endedAt)) + history.limits.codeSeconds,
  };
}

/** The phone that an account was opened with. */
export const phoneOf = ({ start }: Subject): string =>
  start.act.kind === 'register' ? start.act.phone : '';

/**
 * Whether the username and national ID of a reset were an account at its start, and on which phone.
 */
export function accountOfReset(
  history: History,
  start: OpOf<'reset'>,
): { known: 'yes' | 'maybe' | 'no'; phone: string } {
  const { username, nationalId } = start.act;
  const opens = opsOf(history, 'open').filter(
    (op) =>
      op.act.username === username &&
      op.act.nationalId === nationalId &&
      mayHaveDone(op) &&
      op.begin < start.end,
  );
  const sure = opens.find((op) => op.answer === 'ok' && isBefore(op, start));
  const any = sure ?? opens[0];
  if (!any) return { known: 'no', phone: '' };
  return { known: sure ? 'yes' : 'maybe', phone: phoneOf(any.act.on) };
}

/** Whether the code of the challenge may ever verify. */
export function isReal(history: History, { start }: Subject): 'yes' | 'maybe' | 'no' {
  return isOf(start, 'reset') ? accountOfReset(history, start).known : 'yes';
}

/**
 * What certainly happened, or what may have happened. The first must stay within a budget, the
 * second justifies a refusal.
 */
export type Certainty = 'sure' | 'possible';

/**
 * A provider had an SMS of the challenge before or during the guess; for a decoy it seemed so. An
 * earlier guess is never right.
 */
export function wasHandedOver(
  history: History,
  subject: Subject,
  guess: Op,
  certainty: Certainty,
): boolean {
  const deliveries = opsOf(history, 'deliver').filter(({ act }) => act.on === subject);
  if (certainty === 'possible') return deliveries.some((op) => op.begin < guess.end);
  const out = ['sent', 'decoy', 'phone-full'];
  return deliveries.some((op) => out.includes(op.delivery ?? '') && isBefore(op, guess));
}

/**
 * An SMS of the challenge was requested before or during the guess. From then on guesses count in
 * its owner's ledgers.
 */
export function wasAskedFor(
  history: History,
  subject: Subject,
  guess: Op,
  certainty: Certainty,
): boolean {
  const sends = sendsOf(history, subject);
  if (certainty === 'possible') return sends.some((op) => mayHaveDone(op) && op.begin < guess.end);
  return sends.some((op) => op.answer === 'ok' && isBefore(op, guess));
}
