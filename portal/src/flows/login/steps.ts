import { looksLikeNationalId } from '../../../../lambdas/core/values/login-name.ts';
import { type Path, paths } from '../../../paths.ts';
import { createDraft } from '../../state/draft.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { openFlow } from '../../state/flow.ts';
import { pageAfterLogin } from '../../state/login-redirect.ts';
import { replace } from '../../state/router.ts';
import { markLoggedIn } from '../../state/session.ts';
import type { Challenge } from '../challenge/challenge.ts';

export type Method = Challenge['methods'][number];

export interface PasswordState {
  readonly step: 'password';
  readonly username?: string;
  /** The page to show after the login. */
  readonly then?: Path;
  /** The flow that led here. */
  readonly after?: 'reset';
  /** The ticket of a phone that was proved before the password. It goes along with the password. */
  readonly ticket?: string;
  readonly ownDevice?: boolean;
}

export interface CodeState {
  readonly step: 'code';
  readonly challenge: Challenge;
  /** The method that is asked for now, one of the challenge's methods. */
  readonly method: Method;
  readonly username: string;
  readonly ownDevice: boolean;
  readonly then: Path;
}

/** Each step with the data it needs after back or a reload. `history.state` holds this and no more. */
export type LoginStep = PasswordState | CodeState;

export const flow = openFlow<LoginStep>(paths.login, { step: 'password' });

export const draft = createDraft<{ readonly username: string }>(
  { username: '' },
  { name: 'login', parts: ['username'], isSecret: looksLikeNationalId },
);

/** The name as an entry of the history may hold it: no national ID. The draft in memory has what was typed. */
export const nameToKeep = (typed: string): string => (looksLikeNationalId(typed) ? '' : typed);

interface Typed {
  readonly username: string;
  readonly password: string;
}

/** What was typed before the phone was proved. It is in memory only. */
let carried: Typed | undefined;

/** Keeps what was typed while the phone is proved, so that nobody types it twice. */
export function carryTyped(typed: Typed): void {
  carried = typed;
}

/** @returns what was kept, once */
export function takeTyped(): Typed | undefined {
  const typed = carried;
  carried = undefined;
  return typed;
}

/** Whether the phone is proved before the password. */
export const isPhoneFirst = ({ challenge }: CodeState): boolean =>
  challenge.purpose === 'phone-first';

/** Goes back to the password, which has to be typed again. */
export const startAgain = ({ username, then }: CodeState): void =>
  flow.replace({ step: 'password', username, then });

/** Called when the session is open. The page takes the place of the login: back does not return there. */
export function showPageAfterLogin(then: Path): void {
  markLoggedIn();
  replace(pageAfterLogin({ then }));
  markFinished('login');
}
