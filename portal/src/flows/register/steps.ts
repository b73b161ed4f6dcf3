import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { createDraft } from '../../state/draft.ts';
import { openFlow } from '../../state/flow.ts';
import { progressOf } from '../../ui/step-progress.tsx';
import { type Challenge, withoutChallenge } from '../challenge/challenge.ts';
import type { TimedTicket } from '../challenge/ticket-time.tsx';

/** Each step with the data it needs after back or a reload. `history.state` holds this and no more. */
export type RegisterStep =
  | { readonly step: 'phone' }
  | { readonly step: 'code'; readonly challenge: Challenge }
  | ({ readonly step: 'details' } & TimedTicket)
  | { readonly step: 'done'; readonly username: string };

export const flow = openFlow<RegisterStep>(paths.register, { step: 'phone' });

interface Draft {
  readonly phone: string;
  /** The challenge for `phone`. Submitting the same number again continues it: no second SMS is sent. */
  readonly challenge?: Challenge;
  readonly nationalId: string;
  readonly username: string;
  /** In memory alone, and only from a lapsed ticket to the next one: nothing that was typed is lost. */
  readonly lapsed?: { readonly password: string; readonly termsVersion: string };
}

export const draft = createDraft<Draft>(
  { phone: '', nationalId: '', username: '' },
  { name: 'register', parts: ['phone', 'username'] },
);

/** Forgets the challenge, which is used up. */
export function dropChallenge(): void {
  draft.value = withoutChallenge(draft.peek());
}

/** Takes what the form held when its time was over. It is kept no longer than that. */
export function takeLapsed(): Draft['lapsed'] {
  const { lapsed, ...typed } = draft.peek();
  if (lapsed) draft.value = typed;
  return lapsed;
}

/** Goes back to the phone, which stays typed, without its challenge. */
export function startAgain(): void {
  dropChallenge();
  flow.replace({ step: 'phone' });
}

export const progress = progressOf(['phone', 'code', 'details', 'done'], (step) =>
  t(`register:steps.${step}`),
);
