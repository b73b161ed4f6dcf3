import type { Input } from '../../../../client/src/index.ts';
import { t } from '../../i18n/index.ts';
import { failureTexts } from '../../state/failure.ts';
import { type FieldState, showFieldErrors, validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { type Task, type TaskCall, useTask } from '../../state/task.ts';
import type { Challenge } from './use-sms-delivery.ts';

type Method = NonNullable<Input<'verifyChallenge'>['method']>;

interface Verify {
  readonly challenge: Challenge;
  /** What the code is, where it is not an SMS's. */
  readonly method?: Method;
  readonly field: FieldState;
  /** Goes on with the ticket. Who presses again because no answer came gets here with the same ticket and key. */
  readonly onVerified: (ticket: string, call: TaskCall) => void | Promise<void>;
}

/** Verifies what is in a field. A code that is wrong is said there, with the tries that are left. */
export function useVerifyCode({ challenge, method, field, onVerified }: Verify) {
  const { id } = challenge;
  const task = useTask(async (code: string, call) => {
    const { ticket } = await client.verifyChallenge({ id, code, ...(method && { method }) }, call);
    await onVerified(ticket, call);
  });
  const failure = task.failure.value;
  return {
    busy: task.busy.value,
    failure,
    /** The code is of no use any more, or what it was for is not: back to where one is asked for. */
    over: ['challenge_expired', 'challenge_locked', 'ticket_invalid'].includes(failure?.kind ?? ''),
    async submit(): Promise<void> {
      if (!validateFields([field])) return;
      await task.run(field.value.value);
      lockAtLast(task);
      showWrongCode(task, field);
    },
  };
}

/** Nobody is to try a code once more to learn that no try was left. */
function lockAtLast({ failure }: Pick<Task<never>, 'failure'>): void {
  const failed = failure.value;
  if (failed?.kind === 'code_incorrect' && failed.problem?.attemptsLeft === 0) {
    failure.value = { ...failed, kind: 'challenge_locked' };
  }
}

/** Beside the field, not above the form: it is the field that is wrong. */
export function showWrongCode(task: Pick<Task<never>, 'failure'>, field: FieldState): void {
  const failed = task.failure.value;
  if (failed?.kind !== 'code_incorrect') return;
  task.failure.value = undefined;
  // A full field takes no other digits. What has letters in it is long, and corrected rather than typed again.
  if (/^\d*$/.test(field.value.peek())) field.value.value = '';
  field.error.value = () => {
    const left = failed.problem?.attemptsLeft;
    const tries = left === undefined ? '' : t('code.attempts', { count: left });
    return [failureTexts(failed).title, tries].filter(Boolean).join('. ');
  };
  showFieldErrors([field]);
}
