import type { Answer } from '../../../../client/src/index.ts';
import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import { personal } from './account-state.ts';

/** What the password is asked for. */
export type Wish = 'add' | 'codes' | 'remove';

export type AuthenticatorStep =
  | { readonly step: 'factors'; readonly removed?: boolean }
  /** `lost`: the app was added, and the answer with its codes did not come. */
  | { readonly step: 'password'; readonly what: Wish; readonly lost?: boolean }
  | { readonly step: 'app' }
  | { readonly step: 'codes' };

export const flow = openFlow<AuthenticatorStep>(paths.authenticator, { step: 'factors' });

/**
 * The secret of an app and the recovery codes: in memory only. A browser writes its history to the disk, and either of them
 * is as good as the phone; who reloads starts again.
 */
export const offered = personal<Answer<'offerTotp'> | undefined>(undefined);
export const recoveryCodes = personal<readonly string[] | undefined>(undefined);

export function showCodes(codes: readonly string[]): void {
  offered.value = undefined;
  recoveryCodes.value = codes;
  flow.replace({ step: 'codes' });
}

const names = ['password', 'app', 'codes'] as const;

/** Of adding an app. */
export const progress = (step: (typeof names)[number]): StepProgressProps => ({
  names: names.map((name) => t(`account:totp.steps.${name}`)),
  at: names.indexOf(step),
});
