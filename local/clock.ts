/** The clock of a local cloud: real time, moved ahead by an offset. */
export interface LocalClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How far the clock is ahead of real time. */
  readonly offsetSeconds: () => number;
  /** The offset in milliseconds, in memory that workers share: they see a move at once. */
  readonly offset: ClockOffset;
  /** @throws RangeError if the move is backwards or beyond the year 2099 */
  advance(seconds: number): void;
  /**
   * @param instant epoch milliseconds
   * @throws RangeError if the move is backwards or beyond the year 2099
   */
  set(instant: number): void;
  /** Returns to real time. Stored data keeps its times, which then lie in the future. */
  reset(): void;
}

/** One number. Read and write it with `Atomics`, so that no reader sees half of a move. */
export type ClockOffset = BigInt64Array<SharedArrayBuffer>;

/** Late enough for every expiry. ISO 8601 and tokens can express every earlier instant. */
const latest = Date.UTC(2100, 0);

/** Creates a clock that shows real time until it is moved. */
export function createClock(): LocalClock {
  const offset: ClockOffset = new BigInt64Array(
    new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT),
  );
  const now = shownBy(offset);

  /**
   * Moves forward only, as time does on AWS. After a move backwards, a counter's window would
   * return already used up, and tokens and locks would last too long. A test that something has
   * expired would then prove nothing. `reset` is for a developer, who knows that stored data then
   * lies in the future.
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

/**
 * @returns the `now` of the clock with this offset; it reads real time even if `Date` is replaced
 *   later
 */
export function shownBy(offset: ClockOffset): () => number {
  const realNow = Date.now;
  return () => realNow() + Number(Atomics.load(offset, 0));
}

const iso = (instant: number) => new Date(instant).toISOString();
