import type { Answer } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
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
export const offered = sessionSignal<Answer<'offerTotp'> | undefined>(undefined);
export const recoveryCodes = sessionSignal<readonly string[] | undefined>(undefined);

export function showCodes(codes: readonly string[]): void {
  offered.value = undefined;
  recoveryCodes.value = codes;
  flow.replace({ step: 'codes' });
}

/** The progress of adding an app. */
export const progress = progressOf(['password', 'app', 'codes'], (step) =>
  t(`account:totp.steps.${step}`),
);
