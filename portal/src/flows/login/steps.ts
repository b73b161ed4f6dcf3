import { type Path, paths } from '../../../paths.ts';
import { createDraft } from '../../state/draft.ts';
import { openFlow } from '../../state/flow.ts';
import { pageAfterLogin } from '../../state/login-redirect.ts';
import { replace } from '../../state/router.ts';
import { markLoggedIn } from '../../state/session.ts';
import type { Challenge } from '../challenge/use-sms-delivery.ts';

export type Method = Challenge['methods'][number];

export interface PasswordState {
  readonly step: 'password';
  readonly username?: string;
  /** Where the person wanted to go. */
  readonly then?: Path;
  /** What brought them here. */
  readonly after?: 'reset';
}

export interface CodeState {
  readonly step: 'code';
  readonly challenge: Challenge;
  /** The one that is asked for now, of those that the challenge takes. */
  readonly method: Method;
  readonly username: string;
  readonly rememberDevice: boolean;
  readonly then: Path;
}

/** Each step with what it needs to be shown again after back or a reload: `history.state` holds this, and no more. */
export type LoginStep = PasswordState | CodeState;

export const flow = openFlow<LoginStep>(paths.login, { step: 'password' });

export const draft = createDraft<{ readonly username: string }>({ username: '' });

/** Back to the password, which has to be typed again. */
export const startAgain = ({ username, then }: CodeState): void =>
  flow.replace({ step: 'password', username, then });

/** The session is open: on to where the person wanted to go, in the place of the login, to which there is no way back. */
export function enter(then: Path): void {
  markLoggedIn();
  replace(pageAfterLogin({ then }));
}
