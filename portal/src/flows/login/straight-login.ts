import { paths } from '../../../paths.ts';
import { entryOf } from '../../state/flow.ts';
import { replace } from '../../state/router.ts';
import { client, logOut, markLoggedIn, session } from '../../state/session.ts';
import type { Challenge } from '../challenge/challenge.ts';
import { carryTyped, type LoginStep } from './steps.ts';

interface Proven {
  readonly username: string;
  readonly password: string;
  /** The ticket that has just completed a registration or a reset. */
  readonly ticket: string;
}

interface Surroundings {
  readonly signal: AbortSignal;
  /** Shows the present step again. A log-out starts a new visit, which cannot read the step's entry. */
  readonly stay: () => void;
  /** Shows what comes next. */
  readonly done: (how: 'logged-in' | 'logged-out') => void;
}

/**
 * Logs in whoever has just opened an account or reset its password: the ticket is the second factor, so no code is due.
 * If one is due after all, the login's step for it takes the place of this page. If the login fails, the person can still
 * log in on the login page.
 */
export async function logInStraight(proven: Proven, around: Surroundings): Promise<void> {
  const { signal, stay, done } = around;
  // Another person's session may be open in a browser that a family shares.
  if (session.peek() === 'in') {
    const loggedOut = logOut().catch(() => {});
    stay();
    await loggedOut;
  }
  const answer = await client.logIn(proven, { signal }).catch(() => undefined);
  // The person has left the page.
  if (signal.aborted) return;
  if (!answer) return done('logged-out');
  if ('challenge' in answer) {
    if (answer.passwordDue) carryTyped(proven);
    return goOnWithCode(answer.challenge, proven.username);
  }
  markLoggedIn();
  done('logged-in');
}

function goOnWithCode(challenge: Challenge, username: string): void {
  const { method } = challenge;
  const then = paths.account;
  const step: LoginStep = {
    step: 'code',
    challenge,
    method,
    username,
    ownDevice: false,
    then,
  };
  replace(paths.login, entryOf(paths.login, step));
}
