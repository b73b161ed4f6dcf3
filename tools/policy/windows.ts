/**
 * A budget of fixed UTC windows, as the engine's ledgers keep it: at most `perPart` in each part (an hour) and at
 * most `perWindow` in each window (a day). Nothing looks back over an edge, so two full windows may touch.
 */
export interface WindowBudget {
  readonly partSeconds: number;
  readonly perPart: number;
  readonly windowSeconds: number;
  readonly perWindow: number;
  /** Share of `perWindow` that is there from the window's start; the rest comes evenly, at the start of each part. */
  readonly releasedAtOnce?: number;
}

export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Days of the longest calendar year: the bounds for a year hold for a leap year too. */
export const daysPerYear = 366;

/**
 * Parts that an interval can touch: P(T) = floor((T − 2) / part) + 2. It starts in the last second of one part.
 * @param seconds length T of the interval, whole seconds, both ends counted: 1 is a single second
 */
export function partsTouched(seconds: number, partSeconds: number): number {
  if (seconds <= 1) return Math.max(0, seconds);
  return Math.floor((seconds - 2) / partSeconds) + 2;
}

/**
 * The most a budget lets through in any interval of a length, wherever it starts:
 * max over the part p of the window it starts in, of Σ over touched windows of min(perWindow, parts × perPart).
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

/** As {@link mostInAny}, for an interval that touches `touched` parts from part `phase` of a window on. */
function mostFrom(budget: WindowBudget, parts: number, phase: number, touched: number): number {
  const first = Math.min(touched, parts - phase);
  const whole = Math.floor((touched - first) / parts);
  const last = touched - first - whole * parts;
  return inOne(budget, first, phase) + whole * inOne(budget, parts) + inOne(budget, last);
}

/**
 * The most a budget lets through in `windows` windows in a row and in the `lead` seconds before them: what was
 * started before midnight can be used after it.
 */
export function mostInWindows(budget: WindowBudget, windows: number, lead: number): number {
  const parts = budget.windowSeconds / budget.partSeconds;
  const partsBefore = Math.ceil(lead / budget.partSeconds);
  const before = inOne(budget, partsBefore, Math.max(0, parts - partsBefore));
  return before + windows * inOne(budget, parts);
}

/** The most in `parts` parts in a row of one window, of which `phase` is the first. */
function inOne(budget: WindowBudget, parts: number, phase = 0): number {
  const { perPart, perWindow, windowSeconds, partSeconds, releasedAtOnce = 1 } = budget;
  const all = windowSeconds / partSeconds;
  const share = Math.min(1, (phase + parts) / all);
  const released = perWindow * (releasedAtOnce + (1 - releasedAtOnce) * share);
  return Math.min(released, parts * perPart);
}
