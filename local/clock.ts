/** The one clock of a local cloud: real time, moved ahead by an offset. */
export interface LocalClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How far it is ahead of real time. */
  readonly offsetSeconds: () => number;
  /** The same in milliseconds, as memory to share with a worker: it sees a move at once. */
  readonly offset: ClockOffset;
  /** @throws RangeError if that is backwards, or beyond the year 2099 */
  advance(seconds: number): void;
  /** @param instant epoch milliseconds @throws RangeError if that is backwards, or beyond the year 2099 */
  set(instant: number): void;
  /** Back to real time. What was stored meanwhile keeps its times: they lie in the future now. */
  reset(): void;
}

/** One number; `Atomics` is the only way to it that never sees half of a move. */
export type ClockOffset = BigInt64Array<SharedArrayBuffer>;

/** Far enough for every expiry, and every instant before it can be written as ISO 8601 and in a token. */
const latest = Date.UTC(2100, 0);

/** A clock that shows real time until it is moved. */
export function createClock(): LocalClock {
  const offset: ClockOffset = new BigInt64Array(
    new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT),
  );
  const now = shownBy(offset);

  /**
   * Only ever forward, as on AWS. Counters are kept by day and hour, and a window that comes back would find
   * itself spent; tokens and locks would last longer than they say. A test of "not any more" could not trust
   * its own past. `reset` is for people, who know what they leave behind.
   */
  function moveBy(milliseconds: number): void {
    if (!(milliseconds >= 0)) {
      throw new RangeError(`The clock only runs forward: it shows ${iso(now())}`);
    }
    if (now() + milliseconds > latest) throw new RangeError(`The clock ends at ${iso(latest)}`);
    Atomics.add(offset, 0, BigInt(Math.round(milliseconds)));
  }

  return {
    now,
    offset,
    offsetSeconds: () => Number(Atomics.load(offset, 0)) / 1000,
    advance: (seconds) => moveBy(seconds * 1000),
    set: (instant) => moveBy(instant - now()),
    reset: () => void Atomics.store(offset, 0, 0n),
  };
}

/** @returns the `now` of the clock that the offset belongs to; it keeps to real time where `Date` is replaced */
export function shownBy(offset: ClockOffset): () => number {
  const realNow = Date.now;
  return () => realNow() + Number(Atomics.load(offset, 0));
}

const iso = (instant: number) => new Date(instant).toISOString();
