import {
  type Certainty,
  type History,
  isBefore,
  isOf,
  isUnsure,
  type Law,
  type Op,
  type OpOf,
  opsOf,
  phoneOf,
  type Subject,
  wasAskedFor,
} from './history.ts';
import { liesIn, touches } from './ledger-laws.ts';

interface Budget {
  readonly unit: 'hour' | 'day';
  readonly maximum: number;
  readonly covers: (on: Subject) => boolean;
}

const prefix = (subject: Subject) => phoneOf(subject).slice(0, 6);

/**
 * The budgets of wrong codes that a new challenge checks: the system's, and for a registration also
 * its prefix's.
 */
function budgetsFor({ limits }: History, started: Subject): Budget[] {
  const everybody = () => true;
  const service: Budget[] = [
    { unit: 'hour', maximum: limits.failuresPerServiceAndHour, covers: everybody },
    { unit: 'day', maximum: limits.failuresPerServiceAndDay, covers: everybody },
  ];
  if (started.purpose !== 'registration') return service;
  const neighbours = (on: Subject) =>
    on.purpose === 'registration' && prefix(on) === prefix(started);
  return [
    ...service,
    { unit: 'hour', maximum: limits.failuresPerPrefixAndHour, covers: neighbours },
    { unit: 'day', maximum: limits.failuresPerPrefixAndDay, covers: neighbours },
  ];
}

/**
 * A challenge gets fewer tries if it was started while a budget of wrong codes was full, and only
 * then. The law `attempts` checks that it takes no more than its tries.
 */
export const fewerTries: Law = (history, op) => {
  const { stored } = op;
  if (!stored || !isOf(op, 'register', 'reset')) return undefined;
  const { attemptsPerChallenge, attemptsWhileGuessed } = history.limits;
  const guesses = opsOf(history, 'verify');
  const isFull = (certainty: Certainty) =>
    budgetsFor(history, stored).some((budget) => isUsedUp(budget, certainty));
  if (stored.tries === attemptsWhileGuessed) {
    return isFull('possible')
      ? undefined
      : 'starts a challenge with fewer tries though no budget is full';
  }
  if (stored.tries !== attemptsPerChallenge) return `starts a challenge with ${stored.tries} tries`;
  return isFull('sure') ? 'starts a challenge with all its tries though guessing is on' : undefined;

  function isUsedUp({ unit, maximum, covers }: Budget, certainty: Certainty): boolean {
    const counted = guesses.filter(({ act }) => covers(act.on));
    if (certainty === 'possible') {
      return counted.filter((guess) => mayCount(guess, unit)).length >= maximum;
    }
    // The call that filled the count may not have opened the breaker yet, or may have crashed
    // before.
    const settled = guesses.every((guess) => isBefore(guess, op) && !isUnsure(guess));
    return settled && counted.filter((guess) => counts(guess, unit)).length >= maximum;
  }

  function mayCount(guess: OpOf<'verify'>, unit: Budget['unit']): boolean {
    const wrong = guess.answer === 'code_incorrect' || isUnsure(guess);
    const asked = wasAskedFor(history, guess.act.on, guess, 'possible');
    return wrong && asked && touchesThatOf(guess, unit);
  }

  function counts(guess: OpOf<'verify'>, unit: Budget['unit']): boolean {
    const wrong = guess.answer === 'code_incorrect';
    const asked = wasAskedFor(history, guess.act.on, guess, 'sure');
    const within = liesIn(unit, guess, op.startedAt) && liesIn(unit, op, guess.startedAt);
    return wrong && asked && within;
  }

  function touchesThatOf(guess: Op, unit: Budget['unit']): boolean {
    return touches(unit, guess, op.startedAt) || touches(unit, guess, op.endedAt);
  }
};
