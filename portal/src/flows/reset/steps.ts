import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { createDraft } from '../../state/draft.ts';
import { openFlow } from '../../state/flow.ts';
import type { StepProgressProps } from '../../ui/step-progress.tsx';
import type { Challenge } from '../challenge/use-sms-delivery.ts';

interface Sending {
  readonly challenge: Challenge;
  readonly username: string;
}

/** Each step with what it needs to be shown again after back or a reload: `history.state` holds this, and no more. */
export type ResetStep =
  | { readonly step: 'who'; readonly username?: string }
  | ({ readonly step: 'send' } & Sending)
  | ({ readonly step: 'code' } & Sending)
  | { readonly step: 'password'; readonly ticket: string; readonly username: string };

export const flow = openFlow<ResetStep>(paths.reset, { step: 'who' });

/**
 * The national ID is nowhere else. `challenge` is the one that was started for this pair: going on with the same one starts
 * no second.
 */
interface Draft {
  readonly username: string;
  readonly nationalId: string;
  readonly challenge?: Challenge;
}

const nothing: Draft = { username: '', nationalId: '' };
export const draft = createDraft(nothing);

/** Nothing of it stays. */
export function forget(): void {
  draft.value = nothing;
}

/** It is used up, and not to be gone on with. */
export function dropChallenge(): void {
  const { challenge: _, ...typed } = draft.peek();
  draft.value = typed;
}

/** Back to the details, which stay typed; their challenge is of no use any more. */
export function startAgain(username: string): void {
  const { nationalId } = draft.peek();
  draft.value = { username, nationalId };
  flow.replace({ step: 'who', username });
}

const names = ['who', 'send', 'code', 'password'] as const;

/** How far a step is. */
export const progress = (step: ResetStep['step']): StepProgressProps => ({
  names: names.map((name) => t(`reset:steps.${name}`)),
  at: names.indexOf(step),
});
