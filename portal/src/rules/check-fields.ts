import { readNationalId } from '../../../lambdas/core/values/national-id.ts';
import { readPhone } from '../../../lambdas/core/values/phone.ts';
import { readUsername } from '../../../lambdas/core/values/username.ts';
import { t } from '../i18n/index.ts';
import type { FieldError } from '../state/form.ts';

// These are the server's own rules, checked before anything is sent. The server has the last word.

/**
 * Accepts a mobile number in every way people write it. A number of another country passes: a stage may serve it, and
 * only the server knows.
 */
export const checkPhone = (value: string): FieldError =>
  readPhone(value).kind === 'malformed' ? () => t('rule.phone') : undefined;

export const checkNationalId = (value: string): FieldError =>
  readNationalId(value) === undefined ? () => t('rule.nationalId') : undefined;

export const checkUsername = (value: string): FieldError =>
  readUsername(value) === undefined ? () => t('rule.username') : undefined;
