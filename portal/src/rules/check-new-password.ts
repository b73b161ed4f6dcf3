import { t } from '../i18n/index.ts';
import type { FieldError } from '../state/form.ts';
import { type PasswordOwner, passwordStrength, type StrengthReason } from './password-strength.ts';

/** Why the server would refuse a new password, as far as the page can tell. Only the server knows common passwords. */
export function checkNewPassword(password: string, owner: PasswordOwner): FieldError {
  const { level, reason, missing } = passwordStrength(password, owner);
  if (level !== 1 || !reason) return undefined;
  return () => strengthText(reason, missing);
}

/** What to do about a password, in the page's language. @param missing how many characters it lacks */
export const strengthText = (reason: StrengthReason, missing: number): string =>
  reason === 'too_short' ? t('password.too_short', { count: missing }) : t(`password.${reason}`);
