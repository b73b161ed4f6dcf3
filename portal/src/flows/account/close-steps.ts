import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { openFlow } from '../../state/flow.ts';
import { progressOf } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/challenge.ts';

/** Each step with the data it needs after back or a reload. */
export type CloseStep =
  | { readonly step: 'form' }
  | { readonly step: 'code'; readonly challenge: Challenge }
  | { readonly step: 'last'; readonly ticket: string }
  | { readonly step: 'done' };

export const flow = openFlow<CloseStep>(paths.close, { step: 'form' });
export const startAgain = (): void => flow.replace({ step: 'form' });

export const progress = progressOf(['form', 'code', 'last', 'done'], (step) =>
  t(`account:close.steps.${step}`),
);
