import type { ProblemCode } from '../../../client/src/index.ts';
import { t } from '../i18n/index.ts';
import { passwordStrength } from '../rules/password-strength.ts';
import { type Failure, failureTexts, fieldMessage } from './failure.ts';
import { type FieldError, type FieldState, showFieldErrors } from './form.ts';
import type { Task } from './task.ts';

/** Whose fault a problem is, where it is one field's. */
const culprits: Partial<Record<ProblemCode, readonly string[]>> = {
  username_taken: ['username'],
  identity_registered: ['nationalId'],
  password_rejected: ['password', 'newPassword'],
};

/** Says what the server refused beside the field that is the reason, and moves there; what is nobody's stays a notice. */
export function showServerErrors(
  task: Pick<Task<never>, 'failure'>,
  fields: readonly FieldState[],
): void {
  const failure = task.failure.value;
  if (!failure?.problem) return;
  for (const field of fields) field.error.value = reasonFor(failure, field.name);
  if (!showFieldErrors(fields)) return;
  // There is more to say than fits beside the field: the ways on.
  if (failure.kind !== 'identity_registered') task.failure.value = undefined;
}

function reasonFor(failure: Failure, name: string): FieldError {
  const { kind, problem } = failure;
  if (kind === 'invalid_request' && problem?.errors?.some(({ path }) => path === name)) {
    return () => fieldMessage(failure, name) ?? failureTexts(failure).title;
  }
  if (!(culprits[kind as ProblemCode] ?? []).includes(name)) return undefined;
  if (kind === 'password_rejected') return () => rejection(failure);
  // The notice says the rest.
  if (kind === 'identity_registered') return () => failureTexts(failure).title;
  return () => Object.values(failureTexts(failure)).join('. ');
}

/** Every reason in our words; how much is missing only the server knows, for how long is a stage's choice. */
function rejection({ problem }: Failure): string {
  const reasons = (problem?.reasons ?? []).map((reason) =>
    reason === 'too_short'
      ? t('passwordMinimum', { count: problem?.minimumLength ?? 12 })
      : t(`password.${reason}`),
  );
  return reasons.join(' ') || t('problem.password_rejected.text');
}

/** What a new password is refused for, as far as the page can tell; the server knows what is common. */
export function checkNewPassword(
  password: string,
  own: { readonly username: string; readonly nationalId: string },
): FieldError {
  const judged = () => passwordStrength(password, own);
  if (judged().level !== 1) return undefined;
  return () => {
    const { reason, missing } = judged();
    if (!reason) return undefined;
    return reason === 'too_short'
      ? t('password.too_short', { count: missing })
      : t(`password.${reason}`);
  };
}
