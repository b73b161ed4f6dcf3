import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/use-sms-delivery.ts';

export type CloseStep =
  | { readonly step: 'form' }
  | { readonly step: 'code'; readonly challenge: Challenge }
  | { readonly step: 'last'; readonly ticket: string }
  | { readonly step: 'done' };

export const flow = openFlow<CloseStep>(paths.close, { step: 'form' });
export const startAgain = (): void => flow.replace({ step: 'form' });

const names = ['form', 'code', 'last', 'done'] as const;

export const progress = (step: CloseStep['step']): StepProgressProps => ({
  names: names.map((name) => t(`account:close.steps.${name}`)),
  at: names.indexOf(step),
});
