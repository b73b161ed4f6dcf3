import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import { progressOf } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/challenge.ts';
import { sessionSignal } from './account-state.ts';

/** A verified phone that the account is about to move to. */
export interface Move {
  readonly ticket: string;
  readonly destination: Challenge['destination'];
  readonly before: string;
}

/**
 * Each step with the data it needs after back or a reload. Phones are masked. `before` is the account's phone before
 * the change: it shows later whether the change went through.
 */
export type PhoneStep =
  | { readonly step: 'form' }
  | {
      readonly step: 'code';
      readonly challenge: Challenge;
      readonly before: string;
      /** Whether the account has an authenticator app, which may confirm the change. */
      readonly hasApp: boolean;
    }
  | ({ readonly step: 'confirm' } & Move)
  | ({ readonly step: 'move' } & Move)
  | { readonly step: 'done'; readonly phone: string; readonly confirmed?: true };

export const flow = openFlow<PhoneStep>(paths.phone, { step: 'form' });

/** The number that was typed, kept for a person who starts again. */
export const draft = sessionSignal('');

export const startAgain = (): void => flow.replace({ step: 'form' });

export const progress = progressOf(['form', 'code', 'done'], (step) =>
  t(`account:phone.steps.${step}`),
);
