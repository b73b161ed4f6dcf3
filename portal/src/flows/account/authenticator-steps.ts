import type { Answer } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import { serverClock } from '../../state/session.ts';
import { progressOf } from '../../ui/step-progress.tsx';
import { sessionSignal } from './account-state.ts';

/** What the password is asked for: add an app, make new recovery codes, or remove the app. */
export type AuthenticatorAction = 'add' | 'codes' | 'remove';

export type AuthenticatorStep =
  | { readonly step: 'factors'; readonly removed?: boolean }
  /** `lost`: the app was added, and the answer with its recovery codes was lost. */
  | { readonly step: 'password'; readonly what: AuthenticatorAction; readonly lost?: boolean }
  | { readonly step: 'app' }
  | { readonly step: 'codes' };

export const flow = openFlow<AuthenticatorStep>(paths.authenticator, { step: 'factors' });

/**
 * The secret of an app, and the recovery codes. They are in memory only: a browser writes its history to the disk, and
 * either of them is as good as the phone. After a reload the person starts again.
 */
export const offered = sessionSignal<Offer | undefined>(undefined);
export const recoveryCodes = sessionSignal<NewCodes | undefined>(undefined);

/** An app that is offered, and to whom. */
export type Offer = Answer<'offerTotp'> & { readonly username: string };

/** Recovery codes, and what tells them from those of another account or of another day. */
export interface NewCodes {
  readonly codes: readonly string[];
  readonly username: string;
  /** ISO 8601, by the server's clock. */
  readonly madeAt: string;
}

export function showCodes(codes: readonly string[], username: string): void {
  offered.value = undefined;
  const madeAt = new Date(serverClock.now()).toISOString();
  recoveryCodes.value = { codes, username, madeAt };
  flow.replace({ step: 'codes' });
}

/** The progress of adding an app. */
export const progress = progressOf(['password', 'app', 'codes'], (step) =>
  t(`account:totp.steps.${step}`),
);
