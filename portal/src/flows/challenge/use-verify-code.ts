import type { Input } from '../../../../client/src/index.ts';
import { t } from '../../i18n/index.ts';
import { failureTexts, isChallengeOver } from '../../state/failure.ts';
import { type FieldState, showFieldErrors, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { type Task, type TaskCall, useTask } from '../../state/task.ts';
import type { Challenge } from './challenge.ts';

type Method = NonNullable<Input<'verifyChallenge'>['method']>;

export type OnVerified = (
  ticket: string,
  call: TaskCall,
  /** Until when the ticket completes its flow: ISO 8601. */
  expiresAt: string,
) => void | Promise<void>;

interface VerifyCode {
  readonly challenge: Challenge;
  /** Undefined for the code of an SMS. */
  readonly method?: Method;
  readonly field: FieldState;
  /** Continues with the ticket. A retry after a lost answer calls it with the same ticket and idempotency key. */
  readonly onVerified: OnVerified;
}

/** Verifies the code in a field. A wrong code is reported beside the field, with the attempts that are left. */
export function useVerifyCode({ challenge, method, field, onVerified }: VerifyCode) {
  const { id } = challenge;
  const task = useTask(async (code: string, call) => {
    const verified = await client.verifyChallenge({ id, code, ...(method && { method }) }, call);
    await onVerified(verified.ticket, call, verified.expiresAt);
  });
  const failure = task.failure.value;
  return {
    busy: task.busy.value,
    failure,
    /** Whether the challenge or its ticket is used up, so that the flow has to start again. */
    over: isChallengeOver(failure) || failure?.kind === 'ticket_invalid',
    async submit(): Promise<void> {
      if (!validateFields([field])) return;
      await task.run(field.value.value);
      treatLastAttemptAsLocked(task);
      showWrongCode(task, field);
    },
  };
}

/** Reports a locked challenge right after its last attempt: another attempt would only learn that none is left. */
function treatLastAttemptAsLocked({ failure }: Pick<Task<never>, 'failure'>): void {
  const failed = failure.value;
  if (failed?.kind === 'code_incorrect' && failed.problem?.attemptsLeft === 0) {
    failure.value = { ...failed, kind: 'challenge_locked' };
  }
}

/** Moves the error of a wrong code from the notice above the form to its field. */
export function showWrongCode(task: Pick<Task<never>, 'failure'>, field: FieldState): void {
  const failed = task.failure.value;
  if (failed?.kind !== 'code_incorrect') return;
  task.failure.value = undefined;
  // A full field takes no more digits, so clear it. A recovery code has letters and is long: the person corrects it.
  if (/^\d*$/.test(field.value.peek())) field.value.value = '';
  field.error.value = () => {
    const left = failed.problem?.attemptsLeft;
    const tries = left === undefined ? '' : t('code.attempts', { count: left });
    return [failureTexts(failed).title, tries].filter(Boolean).join('. ');
  };
  showFieldErrors([field]);
}
