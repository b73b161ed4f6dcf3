import type { Outcome } from '#core/delivery/deliver-challenge.ts';
import type { LedgerScope } from '#core/model/ledger.ts';
import type { Limits } from '#core/model/limits.ts';
import type { ProblemCode } from '#core/model/problems.ts';
import type { Purpose } from '#core/model/purpose.ts';

/** A challenge as the model knows it: who started it; the rest follows from what was done with it. */
export interface Subject {
  readonly number: number;
  readonly purpose: Purpose;
  readonly idHash: string;
  readonly code: string;
  readonly start: Op;
  /** Wrong codes it may take: fewer where it was started while the service was guessed at. */
  readonly tries: number;
  /** Once its claimant was told. */
  id?: string;
}

/** An action with its subject found. */
export type Act =
  | { readonly kind: 'register'; readonly phone: string }
  | { readonly kind: 'reset'; readonly username: string; readonly nationalId: string }
  | { readonly kind: 'send'; readonly on: Subject }
  | { readonly kind: 'deliver'; readonly on: Subject; readonly send: number }
  | { readonly kind: 'verify'; readonly on: Subject; readonly code: string }
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
 * `died`: nobody heard an answer, and what was done may be any part of it. `crashed`: it threw what is no problem,
 * which no story may make it do.
 */
export type Answer = 'ok' | 'died' | 'crashed' | ProblemCode;

/** One call of a use case, from its beginning to its answer. */
export interface Op {
  readonly actor: string;
  readonly act: Act;
  readonly address: string;
  /** Order of all beginnings and ends. */
  readonly begin: number;
  end: number;
  /** Epoch seconds; all the call read of the clock lies between them. */
  readonly startedAt: number;
  endedAt: number;
  /** Nobody else was in the middle of a call. */
  alone: boolean;
  answer: Answer | undefined;
  crash?: string;
  attemptsLeft?: number;
  retryAfter?: number;
  delivery?: Outcome;
  /** The challenge it stored. */
  stored?: Subject;
  /** The ledger whose budget refused it. */
  refusedBy?: { readonly scope: LedgerScope; readonly tag: string };
  /** Order in which it took the ticket, and gave it back. */
  claimed?: number;
  released?: number;
  /** Another request had the ticket. */
  busy?: boolean;
  /** It was killed: it does nothing more, and nobody hears of it. */
  dead?: boolean;
  readonly sms: { readonly phone: string; readonly body: string }[];
}

/** All that was done so far, and what is known of it. */
export interface History {
  readonly ops: Op[];
  readonly limits: Limits;
}

/** A rule of the engine: what is wrong with an op that has just ended, in the light of all before it. */
export type Law = (history: History, op: Op) => string | undefined;

export type OpOf<Kind extends Act['kind']> = Op & { readonly act: Extract<Act, { kind: Kind }> };

export function opsOf<Kind extends Act['kind']>({ ops }: History, ...kinds: Kind[]): OpOf<Kind>[] {
  return ops.filter((op): op is OpOf<Kind> => (kinds as string[]).includes(op.act.kind));
}

export const isOf = <Kind extends Act['kind']>(op: Op, ...kinds: Kind[]): op is OpOf<Kind> =>
  (kinds as string[]).includes(op.act.kind);

/** It may have done its work, though nobody was told so. */
export const isUnsure = ({ answer, busy }: Op): boolean =>
  answer === undefined || answer === 'died' || (answer === 'unavailable' && !busy);
export const mayHaveDone = (op: Op): boolean => op.answer === 'ok' || isUnsure(op);
export const isBefore = (first: Op, second: Op): boolean => first.end < second.begin;

/** The calls that sent a challenge: its start, where that sends, and every `send` of it. */
export function sendsOf(history: History, subject: Subject): Op[] {
  const sends = opsOf(history, 'send').filter(({ act }) => act.on === subject);
  return subject.purpose === 'registration' ? [subject.start, ...sends] : sends;
}

/** Between which two instants its code, or before a first send the challenge itself, ends. */
export function expiryOf(history: History, subject: Subject): { from: number; to: number } {
  const sends = sendsOf(history, subject).filter(mayHaveDone);
  const first = sends.findIndex(({ answer }) => answer === 'ok');
  // A call that died may have been the first send; the first that answered surely was no later.
  const candidates = first < 0 ? [subject.start, ...sends] : sends.slice(0, first + 1);
  return {
    from: Math.min(...candidates.map(({ startedAt }) => startedAt)) + history.limits.codeSeconds,
    to: Math.max(...candidates.map(({ endedAt }) => endedAt)) + history.limits.codeSeconds,
  };
}

/** The phone an account was opened with. */
export const phoneOf = ({ start }: Subject): string =>
  start.act.kind === 'register' ? start.act.phone : '';

/** Whether the pair of a reset was an account when it was started, and on which phone. */
export function pairOf(
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

/** Whether its code may ever verify. */
export function isReal(history: History, { start }: Subject): 'yes' | 'maybe' | 'no' {
  return isOf(start, 'reset') ? pairOf(history, start).known : 'yes';
}

/** What surely was, or what may have been: the first must stay within a budget, the second justifies a refusal. */
export type Certainty = 'sure' | 'possible';

/**
 * A provider had an SMS of it (of a decoy, it looked so) before the guess, or while it was made. A guess that comes
 * sooner is never right.
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

/** An SMS of it was asked for before the guess, or while it was made: from then on guesses fill its owner's ledgers. */
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
