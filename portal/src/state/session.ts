import { signal } from '@preact/signals';
import { createClient, type SessionEnd } from '../../../client/src/index.ts';
import { language } from '../i18n/index.ts';
import { startNewVisit } from './history-visit.ts';
import { createServerClock, serverDate } from './server-clock.ts';

/**
 * Whether this browser has a session. `unknown`: no page has asked yet. `out`: there is none. `ended`: the
 * session is over, by a log-out in another tab or by a refusal of the server.
 */
export type SessionState = 'unknown' | 'in' | 'out' | 'ended';

export const session = signal<SessionState>('unknown');

/** Why it ended, where that is known, and how long it was not used. Nothing is guessed. */
interface WhyEnded {
  readonly reason: SessionEnd;
  readonly idleSeconds?: number | undefined;
}

export const whyEnded = signal<WhyEnded | undefined>(undefined);

/** The last refresh of the session, by any tab: the server ends the session if the next one does not come in time. */
export interface KeptSession {
  /** Epoch milliseconds by the server's clock. */
  readonly at: number;
  readonly idleSeconds: number;
}

export const keptSession = signal<KeptSession | undefined>(undefined);

export const serverClock = createServerClock(
  () => performance.now(),
  () => Date.now(),
);

/** Tells the other tabs about logins and log-outs: a tab must not keep showing an account after a log-out elsewhere. */
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('hawiya') : undefined;
if (tabs) {
  tabs.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isKept(data)) {
      if (session.peek() === 'in') keptSession.value = data;
      return;
    }
    if (isWhyEnded(data)) {
      // The server tells the reason once: it has cleared the cookie that all tabs share.
      whyEnded.value = data;
      if (session.peek() !== 'ended') endHere();
      return;
    }
    if (data !== 'out' && data !== 'in') return;
    client.forgetSession();
    // After a login in another tab this tab cannot know whose session it is: ask the server.
    session.value = data === 'out' ? 'ended' : 'unknown';
    whyEnded.value = data === 'out' ? { reason: 'log-out' } : undefined;
    startNewVisit();
  };
} else {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && session.peek() === 'in') askAgain();
  });
}

// A page that comes back from the back/forward cache missed every message in between.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) askAgain();
});

const isWhyEnded = (data: unknown): data is WhyEnded =>
  typeof (data as Partial<WhyEnded> | null)?.reason === 'string';

/** The session is over, whatever this tab still shows. */
function endHere(): void {
  client.forgetSession();
  session.value = 'ended';
  startNewVisit();
}

const isKept = (data: unknown): data is KeptSession =>
  typeof (data as Partial<KeptSession> | null)?.at === 'number';

/** Hides the account until the server has answered whose session it is. The client reports a change of account. */
function askAgain(): void {
  session.value = 'unknown';
}

/** The only client of the page. The refresh token is in a cookie that scripts cannot read, the others in memory. */
export const client = createClient({
  baseUrl: '/v1',
  tokens: 'cookie',
  language: () => language.value,
  onSessionKept: ({ idleSeconds }) => {
    keptSession.value = { at: serverClock.now(), idleSeconds };
    tabs?.postMessage(keptSession.peek());
  },
  onSessionEnded: (reason, idleSeconds) => {
    if (reason) {
      whyEnded.value = { reason, idleSeconds };
      tabs?.postMessage(whyEnded.peek());
    } else if (session.peek() !== 'ended') {
      whyEnded.value = undefined;
    }
    session.value = 'ended';
    startNewVisit();
  },
  fetch: async (...call) => {
    const answer = await fetch(...call);
    serverClock.heard(serverDate(answer.headers));
    return answer;
  },
});

/**
 * The idle time is over. The server ends the session and says so; until then the page hides the account. A tab that cannot
 * hear of refreshes in other tabs must not ask: its question would keep a session that nobody uses.
 */
export function endIdleSession(): void {
  if (tabs) askAgain();
  else logOut().catch(() => {});
}

/** Asks the server whether this browser has a session. @throws NoAnswer and others if that stays unknown */
export async function findSession(): Promise<boolean> {
  const found = await client.refreshSession();
  // The client may have reported the end of the session during this call: keep `ended`.
  if (found || session.peek() !== 'ended') session.value = found ? 'in' : 'out';
  return found;
}

/** Records a login that the server has accepted, here and in the other tabs. */
export function markLoggedIn(): void {
  session.value = 'in';
  startNewVisit();
  tabs?.postMessage('in');
}

/**
 * Logs out here and in the other tabs at once, whatever the server answers. History entries of the visit become
 * unreadable: a step that must stay visible has to be replaced before the returned promise is awaited.
 * @throws NoAnswer and others if the session may still be open in this browser
 */
export async function logOut(): Promise<void> {
  session.value = 'out';
  startNewVisit();
  tabs?.postMessage('out');
  await client.revokeSession();
}
