import type { ProblemCode } from '../../../client/src/index.ts';
import { t } from '../i18n/index.ts';
import { type Failure, failureTexts, fieldMessage } from './failure.ts';
import { type FieldError, type FieldState, showFieldErrors } from './form.ts';
import type { Task } from './task.ts';

/** Problems that belong to one field, and the names that field has. */
const fieldsOfProblem: Partial<Record<ProblemCode, readonly string[]>> = {
  username_taken: ['username'],
  identity_registered: ['nationalId'],
  destination_unsupported: ['phone'],
  password_rejected: ['password', 'newPassword'],
};

/** Shows server errors that belong to a field beside it, and focuses it. The rest stay in the failure notice. */
export function showServerErrors(
  task: Pick<Task<never>, 'failure'>,
  fields: readonly FieldState[],
): void {
  const failure = task.failure.value;
  if (!failure?.problem) return;
  for (const field of fields) field.error.value = errorOf(failure, field.name);
  if (!showFieldErrors(fields)) return;
  // An identity that is registered keeps its notice, too: the notice has the links to log in and to reset.
  if (failure.kind !== 'identity_registered') task.failure.value = undefined;
}

function errorOf(failure: Failure, name: string): FieldError {
  const { kind, problem } = failure;
  if (kind === 'invalid_request' && problem?.errors?.some(({ path }) => path === name)) {
    return () => fieldMessage(failure, name) ?? failureTexts(failure).title;
  }
  if (!(fieldsOfProblem[kind as ProblemCode] ?? []).includes(name)) return undefined;
  if (kind === 'password_rejected') return () => rejectionText(failure);
  // The notice above the form has the text; the field has the title.
  if (kind === 'identity_registered') return () => failureTexts(failure).title;
  return () => Object.values(failureTexts(failure)).join('. ');
}

/** Every reason in the portal's own words. The minimum length is the server's: a stage may choose a longer one. */
function rejectionText({ problem }: Failure): string {
  const reasons = (problem?.reasons ?? []).map((reason) =>
    reason === 'too_short'
      ? t('passwordMinimum', { count: problem?.minimumLength ?? 12 })
      : t(`password.${reason}`),
  );
  return reasons.join(' ') || t('problem.password_rejected.text');
}
