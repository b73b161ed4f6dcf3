/**
 * An attacker against a tiny engine of fixed windows, written independently of the formulas that it
 * checks.
 */

/** Mulberry32: small, seeded, good enough for a Monte Carlo simulation. */
export function prng(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Rules {
  readonly perHour: number;
  readonly perDay: number;
  readonly life: number;
  readonly tries: number;
  readonly failuresPerDay: number;
  readonly failuresPerYear: number;
}

const hour = 3600;
const day = 24 * hour;

interface Open {
  readonly sentAt: number;
  readonly code: number;
  tried: number;
}

/** All that the engine remembers. The year never ends here. */
interface State {
  hourSends: number;
  daySends: number;
  dayFailures: number;
  yearFailures: number;
  open: Open[];
}

const fresh = (): State => ({
  hourSends: 0,
  daySends: 0,
  dayFailures: 0,
  yearFailures: 0,
  open: [],
});

function mayOpen(rules: Rules, state: State): boolean {
  return (
    state.hourSends < rules.perHour &&
    state.daySends < rules.perDay &&
    state.dayFailures < rules.failuresPerDay &&
    state.yearFailures < rules.failuresPerYear
  );
}

/**
 * The state at a later instant: without the windows that are over and the codes that have expired.
 */
function later(rules: Rules, state: State, from: number, to: number): State {
  const sameHour = Math.floor(from / hour) === Math.floor(to / hour);
  const sameDay = Math.floor(from / day) === Math.floor(to / day);
  return {
    hourSends: sameHour ? state.hourSends : 0,
    daySends: sameDay ? state.daySends : 0,
    dayFailures: sameDay ? state.dayFailures : 0,
    yearFailures: state.yearFailures,
    open: state.open.filter((c) => to - c.sentAt < rules.life && c.tried < rules.tries),
  };
}

/**
 * The largest number of wrong codes that any schedule gets from `countFrom` on, found by trying
 * every schedule: at each instant any number of sends and tries in any order. The oldest code is
 * tried first, because it expires first.
 */
export function mostByBruteForce(rules: Rules, instants: readonly number[], countFrom: number) {
  const known = new Map<string, number>();
  const search = (at: number, state: State): number => {
    const now = instants[at];
    if (now === undefined) return 0;
    const ages = state.open.map((c) => [c.sentAt, c.tried]);
    const { hourSends, daySends, dayFailures, yearFailures } = state;
    const key = JSON.stringify([at, hourSends, daySends, dayFailures, yearFailures, ages]);
    const before = known.get(key);
    if (before !== undefined) return before;

    const next = instants[at + 1];
    let most = next === undefined ? 0 : search(at + 1, later(rules, state, now, next));
    if (mayOpen(rules, state)) {
      const open = [...state.open, { sentAt: now, code: 0, tried: 0 }];
      const sent = { ...state, hourSends: hourSends + 1, daySends: daySends + 1, open };
      most = Math.max(most, search(at, sent));
    }
    const [oldest, ...others] = state.open;
    if (oldest) {
      const tried = { ...oldest, tried: oldest.tried + 1 };
      const failed = { dayFailures: dayFailures + 1, yearFailures: yearFailures + 1 };
      const open = tried.tried < rules.tries ? [tried, ...others] : others;
      most = Math.max(most, (now >= countFrom ? 1 : 0) + search(at, { ...state, ...failed, open }));
    }
    known.set(key, most);
    return most;
  };
  return search(0, fresh());
}

/** The result of one run of {@link guessAway}. */
export interface Life {
  readonly taken: boolean;
  readonly guesses: number;
}

/**
 * Plays the greedy attacker once, until the code is found or the year's budget is used up. The
 * attacker opens one challenge an hour and tries it at once. When one more wrong code would close
 * the account, the attacker opens as many challenges as can be open across the end of an hour.
 * @param codes how many codes there are, all equally likely
 */
export function guessAway(rules: Rules, codes: number, random: () => number): Life {
  let state = fresh();
  let now = 0;
  let guesses = 0;
  const goTo = (instant: number) => {
    state = later(rules, state, now, instant);
    now = instant;
  };
  const send = () => {
    if (!mayOpen(rules, state)) return false;
    state.hourSends += 1;
    state.daySends += 1;
    state.open.push({ sentAt: now, code: Math.floor(random() * codes), tried: 0 });
    return true;
  };
  /** Each try uses another code: the t-th try of a challenge uses t - 1. */
  const tryOldest = () => {
    const challenge = state.open.find((c) => c.tried < rules.tries);
    if (!challenge) return 'none';
    guesses += 1;
    challenge.tried += 1;
    if (challenge.code === challenge.tried - 1) return 'right';
    state.dayFailures += 1;
    state.yearFailures += 1;
    return 'wrong';
  };

  const spare = () => rules.failuresPerYear - 1 - state.yearFailures;
  for (let edge = hour; spare() > 0; edge += hour) {
    goTo(edge);
    if (!send()) continue;
    for (let n = Math.min(rules.tries, spare()); n > 0; n -= 1) {
      if (tryOldest() === 'right') return { taken: true, guesses };
    }
  }
  // The last second of a day and the first of the next: the budgets of two hours and two days.
  goTo((Math.floor(now / day) + 2) * day - 1);
  while (send());
  goTo(now + 1);
  while (send());
  for (;;) {
    const outcome = tryOldest();
    if (outcome !== 'wrong') return { taken: outcome === 'right', guesses };
  }
}

/**
 * The largest number of sends that fixed windows allow from one second to another, found by trying
 * every schedule.
 */
export function mostSendsByBruteForce(
  rules: {
    readonly perPart: number;
    readonly perWindow: number;
    readonly releasedAtOnce?: number;
  },
  lengths: { readonly part: number; readonly window: number },
  from: number,
  to: number,
): number {
  const { perWindow, releasedAtOnce = 1 } = rules;
  const releasedBy = (now: number): number => {
    let released = perWindow * releasedAtOnce;
    for (let second = now - (now % lengths.window); second <= now; second += 1) {
      if (second % lengths.part !== 0) continue;
      released += (perWindow * (1 - releasedAtOnce) * lengths.part) / lengths.window;
    }
    return released;
  };
  const search = (now: number, inPart: number, inWindow: number): number => {
    if (now >= to) return 0;
    const partUsed = now % lengths.part === 0 ? 0 : inPart;
    const windowUsed = now % lengths.window === 0 ? 0 : inWindow;
    const room = Math.min(rules.perPart - partUsed, releasedBy(now) - windowUsed);
    let most = 0;
    for (let n = 0; n <= room; n += 1) {
      most = Math.max(most, n + search(now + 1, partUsed + n, windowUsed + n));
    }
    return most;
  };
  return search(from, 0, 0);
}
