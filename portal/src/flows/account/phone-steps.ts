import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/use-sms-delivery.ts';
import { personal } from './account-state.ts';

/** The phones in it are masked. `before`: the one that the account has, to tell by whether it was moved. */
export type PhoneStep =
  | { readonly step: 'form' }
  | { readonly step: 'code'; readonly challenge: Challenge; readonly before: string }
  | {
      readonly step: 'move';
      readonly ticket: string;
      readonly destination: string;
      readonly before: string;
    }
  | { readonly step: 'done'; readonly phone: string };

export const flow = openFlow<PhoneStep>(paths.phone, { step: 'form' });

/** The number that was typed, for who has to start again. */
export const draft = personal('');

export const startAgain = (): void => flow.replace({ step: 'form' });

const names = ['form', 'code', 'done'] as const;

export const progress = (step: (typeof names)[number]): StepProgressProps => ({
  names: names.map((name) => t(`account:phone.steps.${name}`)),
  at: names.indexOf(step),
});
