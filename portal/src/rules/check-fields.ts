import { loginNameFault, readLoginName } from '../../../lambdas/core/values/login-name.ts';
import { readNationalId } from '../../../lambdas/core/values/national-id.ts';
import { readPhone, tidyPhone } from '../../../lambdas/core/values/phone.ts';
import { readUsername, usernameFault } from '../../../lambdas/core/values/username.ts';
import { t } from '../i18n/index.ts';
import { createField, type FieldError, type FieldState, tidied } from '../state/form.ts';

// These are the server's own rules, checked before anything is sent. The server has the last word. A right value is
// shown as it was read, without what a paste or a keyboard added.

/**
 * Accepts a mobile number in every way people write it. A number of another country passes: a stage may serve it, and
 * only the server knows.
 */
export const phoneField = (initial: string): FieldState =>
  tidied(createField('phone', initial, checkPhone), tidyPhone);

export const nationalIdField = (initial: string): FieldState =>
  tidied(createField('nationalId', initial, checkNationalId), readNationalId);

export const usernameField = (initial: string): FieldState =>
  tidied(createField('username', initial, checkUsername), readUsername);

/** A username, or a national ID in its place. */
export const loginNameField = (initial: string): FieldState =>
  tidied(createField('username', initial, checkLoginName), readLoginName);

const checkPhone = (value: string): FieldError =>
  readPhone(value).kind === 'malformed' ? () => t('rule.phone') : undefined;

const checkNationalId = (value: string): FieldError =>
  readNationalId(value) === undefined ? () => t('rule.nationalId') : undefined;

function checkLoginName(value: string): FieldError {
  const fault = loginNameFault(value);
  if (fault === 'national-id') return () => t('rule.nationalId');
  return fault && (() => t(`rule.username.${fault}`));
}

function checkUsername(value: string): FieldError {
  const fault = usernameFault(value);
  return fault && (() => t(`rule.username.${fault}`));
}
