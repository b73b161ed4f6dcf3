import { type ReadonlySignal, signal } from '@preact/signals';
import {
  client,
  endIdleSession,
  type KeptSession,
  keptSession,
  serverClock,
  session,
} from '../../state/session.ts';

/*
 * A session on a shared device ends when nobody uses it (docs/decisions/0053). The server counts from the last refresh, so
 * the page refreshes after the person's input, and never by itself.
 */

/** The warning comes so long before the end (WCAG 2.2.1 asks for 20 seconds at least). */
const WARN_MS = 120_000;
/** A part of the idle time. Input causes one refresh in each: every two minutes of twenty. */
const PARTS = 10;
/** The pause after a refresh that failed. */
const RETRY_MS = 15_000;

/** What a person does. Without moves of the mouse: a knock against the desk is no input. */
const inputs = ['click', 'input', 'keydown', 'pointerdown', 'touchmove', 'wheel'] as const;

const endsAt = ({ at, idleSeconds }: KeptSession) => at + idleSeconds * 1000;

const ending = signal<string | undefined>(undefined);

/** The end of the session, ISO 8601, while the person is asked whether they are still here. */
export const endingSession: ReadonlySignal<string | undefined> = ending;

/** @throws NoAnswer and others if the session may still end */
export const stay = (): Promise<boolean> => client.refreshSession();

/** Whether there was input since the last refresh. */
let isUsed = false;
let refreshing = false;
/** Epoch milliseconds before which no refresh is tried again. */
let retryAt = 0;

/** Refreshes for input that the server does not know of, unless it was told a short while ago. */
async function refreshIfDue(): Promise<void> {
  const kept = keptSession.peek();
  if (!kept || refreshing || ending.peek() || session.peek() !== 'in') return;
  const due = kept.at + (kept.idleSeconds * 1000) / PARTS;
  if (!isUsed || serverClock.now() < Math.max(due, retryAt)) return;
  refreshing = true;
  await client.refreshSession().catch(() => {
    retryAt = serverClock.now() + RETRY_MS;
  });
  refreshing = false;
}

function used(): void {
  // An input after the end, or in answer to the warning, keeps nothing by itself.
  check();
  if (ending.peek() || session.peek() !== 'in') return;
  isUsed = true;
  refreshIfDue();
}

/** Compares the clock with the end of the session. */
function check(): void {
  const kept = keptSession.peek();
  if (!kept || session.peek() !== 'in') {
    ending.value = undefined;
    return;
  }
  const left = endsAt(kept) - serverClock.now();
  if (left <= 0) {
    ending.value = undefined;
    endIdleSession();
  } else if (left <= WARN_MS) {
    ending.value = new Date(endsAt(kept)).toISOString();
  } else {
    ending.value = undefined;
    refreshIfDue();
  }
}

/** Watches until the page is closed. */
export function watchIdle(): void {
  for (const input of inputs) addEventListener(input, used, { capture: true, passive: true });
  // Timers stand still while the computer sleeps.
  document.addEventListener('visibilitychange', check);
  setInterval(check, 1000);
  // A refresh in another tab answers the warning in this one.
  keptSession.subscribe(() => {
    isUsed = false;
    check();
  });
  session.subscribe(check);
}
