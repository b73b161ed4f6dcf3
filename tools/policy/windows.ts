/**
 * A budget of fixed UTC windows, like the engine's ledgers: at most `perPart` in each part (an
 * hour), and at most `perWindow` in each window (a day). Windows are independent, so two full
 * windows may be adjacent.
 */
export interface WindowBudget {
  readonly partSeconds: number;
  readonly perPart: number;
  readonly windowSeconds: number;
  readonly perWindow: number;
  /**
   * Share of `perWindow` that is available from the window's start. The rest is released evenly, at
   * the start of each part.
   */
  readonly releasedAtOnce?: number;
}

export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Days of a leap year, so that the bounds hold for every calendar year. */
export const daysPerYear = 366;

/**
 * The most parts that an interval can touch: P(T) = floor((T − 2) / part) + 2. In the worst case,
 * it starts in the last second of a part.
 * @param seconds length T of the interval, whole seconds, both ends counted: 1 is a single second
 */
export function partsTouched(seconds: number, partSeconds: number): number {
  if (seconds <= 1) return Math.max(0, seconds);
  return Math.floor((seconds - 2) / partSeconds) + 2;
}

/**
 * The most that a budget allows in any interval of a length. It is the maximum, over the part in
 * which the interval starts, of Σ min(perWindow, parts × perPart) over the windows it touches.
 * @param seconds length of the interval, as in {@link partsTouched}
 */
export function mostInAny(budget: WindowBudget, seconds: number): number {
  const parts = budget.windowSeconds / budget.partSeconds;
  const touched = partsTouched(seconds, budget.partSeconds);
  let most = 0;
  for (let phase = 0; phase < parts; phase += 1) {
    most = Math.max(most, mostFrom(budget, parts, phase, touched));
  }
  return most;
}

/**
 * As {@link mostInAny}, for an interval that touches `touched` parts from part `phase` of a window
 * on.
 */
function mostFrom(budget: WindowBudget, parts: number, phase: number, touched: number): number {
  const first = Math.min(touched, parts - phase);
  const whole = Math.floor((touched - first) / parts);
  const last = touched - first - whole * parts;
  return inOne(budget, first, phase) + whole * inOne(budget, parts) + inOne(budget, last);
}

/**
 * The most that a budget allows in `windows` adjacent windows and in the `lead` seconds before
 * them. The lead counts because a code that is sent before midnight can be tried after it.
 */
export function mostInWindows(budget: WindowBudget, windows: number, lead: number): number {
  const parts = budget.windowSeconds / budget.partSeconds;
  const partsBefore = Math.ceil(lead / budget.partSeconds);
  const before = inOne(budget, partsBefore, Math.max(0, parts - partsBefore));
  return before + windows * inOne(budget, parts);
}

/** The most that a budget allows in `parts` adjacent parts of one window, from part `phase` on. */
function inOne(budget: WindowBudget, parts: number, phase = 0): number {
  const { perPart, perWindow, windowSeconds, partSeconds, releasedAtOnce = 1 } = budget;
  const all = windowSeconds / partSeconds;
  const share = Math.min(1, (phase + parts) / all);
  const released = perWindow * (releasedAtOnce + (1 - releasedAtOnce) * share);
  return Math.min(released, parts * perPart);
}
