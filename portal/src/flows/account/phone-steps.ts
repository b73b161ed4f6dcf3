import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import { progressOf } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/challenge.ts';
import { sessionSignal } from './account-state.ts';

/**
 * Each step with the data it needs after back or a reload. Phones are masked. `before` is the account's phone before
 * the change: it shows later whether the change went through.
 */
export type PhoneStep =
  | { readonly step: 'form' }
  | { readonly step: 'code'; readonly challenge: Challenge; readonly before: string }
  | {
      readonly step: 'move';
      readonly ticket: string;
      readonly destination: Challenge['destination'];
      readonly before: string;
    }
  | { readonly step: 'done'; readonly phone: string };

export const flow = openFlow<PhoneStep>(paths.phone, { step: 'form' });

/** The number that was typed, kept for a person who starts again. */
export const draft = sessionSignal('');

export const startAgain = (): void => flow.replace({ step: 'form' });

export const progress = progressOf(['form', 'code', 'done'], (step) =>
  t(`account:phone.steps.${step}`),
);
