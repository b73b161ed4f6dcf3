import { signal } from '@preact/signals';
import { createClient } from '../../../client/src/index.ts';
import { language } from '../i18n/index.ts';
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
    if (data === 'out') session.value = 'ended';
    // Whose session it is now, nobody knows here: perhaps another person's.
    if (data === 'in') session.value = 'unknown';
  };
}

/** The one client of the page. Tokens are in a cookie that no script reads, and in the client's memory. */
export const client = createClient({
  baseUrl: '/v1',
  tokens: 'cookie',
  language: () => language.value,
  onSessionEnded: () => {
    session.value = 'ended';
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
  session.value = found ? 'in' : 'out';
  return found;
}

/** After a login. */
export function loggedIn(): void {
  session.value = 'in';
  tabs?.postMessage('in');
}

/**
 * Logs out: here and in the other tabs at once, whatever comes of the call.
 * @throws NoAnswer and others where the session may still be open in this browser
 */
export async function logOut(): Promise<void> {
  session.value = 'out';
  tabs?.postMessage('out');
  await client.revokeSession();
}
