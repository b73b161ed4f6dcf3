import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { createDraft } from '../../state/draft.ts';
import { openFlow } from '../../state/flow.ts';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/use-sms-delivery.ts';

/** Each step with what it needs to be shown again after back or a reload: `history.state` holds this, and no more. */
export type RegisterStep =
  | { readonly step: 'phone' }
  | { readonly step: 'code'; readonly challenge: Challenge }
  | { readonly step: 'details'; readonly ticket: string }
  | { readonly step: 'done'; readonly username: string };

export const flow = openFlow<RegisterStep>(paths.register, { step: 'phone' });

/**
 * `challenge` is the one that was started for `phone`: going on with the same number sends no second SMS while it lives.
 */
interface Draft {
  readonly phone: string;
  readonly challenge?: Challenge;
  readonly nationalId: string;
  readonly username: string;
}

export const draft = createDraft<Draft>({ phone: '', nationalId: '', username: '' });

/** It is used up, and not to be gone on with. */
export function dropChallenge(): void {
  const { challenge: _, ...typed } = draft.peek();
  draft.value = typed;
}

/** Back to the phone, which stays typed; its challenge is of no use any more. */
export function startAgain(): void {
  dropChallenge();
  flow.replace({ step: 'phone' });
}

const names = ['phone', 'code', 'details', 'done'] as const;

/** How far a step is. */
export const progress = (step: RegisterStep['step']): StepProgressProps => ({
  names: names.map((name) => t(`register:steps.${name}`)),
  at: names.indexOf(step),
});
