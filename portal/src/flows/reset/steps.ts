import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { createDraft } from '../../state/draft.ts';
import { openFlow } from '../../state/flow.ts';
import { progressOf } from '../../ui/step-progress.tsx';
import { type Challenge, withoutChallenge } from '../challenge/challenge.ts';
import type { TimedTicket } from '../challenge/ticket-time.tsx';

interface Sending {
  readonly challenge: Challenge;
  readonly username: string;
}

/**
 * Each step with the data it needs after back or a reload. `history.state` holds this and no more. It outlives a deployment,
 * so a step keeps its name: `who` is the step of `identify-step.tsx`.
 */
export type ResetStep =
  | { readonly step: 'who'; readonly username?: string }
  | ({ readonly step: 'send' } & Sending)
  | ({ readonly step: 'code' } & Sending)
  | ({ readonly step: 'password'; readonly username: string } & TimedTicket)
  | { readonly step: 'done' }
  /** The former phone is back. `resetFrom`: ISO 8601. */
  | { readonly step: 'restored'; readonly resetFrom: string };

export const flow = openFlow<ResetStep>(paths.reset, { step: 'who' });

/** The national ID is kept here and nowhere else. */
interface Draft {
  readonly username: string;
  readonly nationalId: string;
  /** The challenge for this pair. Submitting the same pair again continues it: no second one is started. */
  readonly challenge?: Challenge;
}

const empty: Draft = { username: '', nationalId: '' };
export const draft = createDraft(empty, { name: 'reset', parts: ['username'] });

export function clearDraft(): void {
  draft.value = empty;
}

/** Forgets the challenge, which is used up. */
export function dropChallenge(): void {
  draft.value = withoutChallenge(draft.peek());
}

/** Goes back to the first step with what was typed there, without its challenge. */
export function startAgain(username: string): void {
  const { nationalId } = draft.peek();
  draft.value = { username, nationalId };
  flow.replace({ step: 'who', username });
}

export const progress = progressOf(['who', 'send', 'code', 'password'], (step) =>
  t(`reset:steps.${step}`),
);
