import { readNationalId } from '../../../lambdas/core/values/national-id.ts';
import { readPhone } from '../../../lambdas/core/values/phone.ts';
import { readUsername } from '../../../lambdas/core/values/username.ts';
import { t } from '../i18n/index.ts';
import type { FieldError } from '../state/form.ts';

/** The server's own rules, told before anything is sent; the server has the last word. */

/** A mobile in any of the ways people write it. Another country's may be this stage's: the server tells. */
export function checkPhone(value: string): FieldError {
  return readPhone(value).kind === 'malformed' ? () => t('rule.phone') : undefined;
}

export const checkNationalId = (value: string): FieldError =>
  readNationalId(value) === undefined ? () => t('rule.nationalId') : undefined;

export const checkUsername = (value: string): FieldError =>
  readUsername(value) === undefined ? () => t('rule.username') : undefined;
