import { signal } from '@preact/signals';
import { createClient } from '../../../client/src/index.ts';
import { language } from '../i18n/index.ts';
import { startNewVisit } from './history-visit.ts';
import { createServerClock } from './server-clock.ts';

/** Whether somebody is logged in here; `unknown` until a page that needs to know has asked. */
export type SessionState = 'unknown' | 'in' | 'out' | 'ended';

export const session = signal<SessionState>('unknown');

export const serverClock = createServerClock(
  () => performance.now(),
  () => Date.now(),
);

/** Tells the other tabs: nobody is to sit before an account that was left next door. */
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('hawiya') : undefined;
if (tabs) {
  tabs.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data !== 'out' && data !== 'in') return;
    client.forgetSession();
    // Whose session it is after a login, nobody knows here: perhaps another person's.
    session.value = data === 'out' ? 'ended' : 'unknown';
    startNewVisit();
  };
} else {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && session.peek() === 'in') askAgain();
  });
}

// Back to a page that the browser kept whole: it heard nothing meanwhile.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) askAgain();
});

/** Nothing is shown before it is known who is here. The client tells when that is somebody else. */
function askAgain(): void {
  session.value = 'unknown';
}

/** The one client of the page. Tokens are in a cookie that no script reads, and in the client's memory. */
export const client = createClient({
  baseUrl: '/v1',
  tokens: 'cookie',
  language: () => language.value,
  onSessionEnded: () => {
    session.value = 'ended';
    startNewVisit();
  },
  fetch: async (...call) => {
    const answer = await fetch(...call);
    serverClock.heard(answer.headers.get('date'));
    return answer;
  },
});

/** Finds out whether somebody is logged in. @throws NoAnswer and others where that could not be found out */
export async function findSession(): Promise<boolean> {
  const found = await client.refreshSession();
  // The client may have told already that the one there was is over.
  if (found || session.peek() !== 'ended') session.value = found ? 'in' : 'out';
  return found;
}

/** After a login. */
export function markLoggedIn(): void {
  session.value = 'in';
  startNewVisit();
  tabs?.postMessage('in');
}

/**
 * Logs out: here and in the other tabs at once, whatever comes of the call. The history's entries are nobody's then: a step
 * that is to stay is stamped anew before the call is waited for.
 * @throws NoAnswer and others where the session may still be open in this browser
 */
export async function logOut(): Promise<void> {
  session.value = 'out';
  startNewVisit();
  tabs?.postMessage('out');
  await client.revokeSession();
}
