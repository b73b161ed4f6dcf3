import { useMemo } from 'preact/hooks';
import {
  readRecoveryCode,
  shownRecoveryCode,
} from '../../../../lambdas/core/values/recovery-code.ts';
import { t } from '../../i18n/index.ts';
import { createField, type FieldState, tidied } from '../../state/form.ts';
import { CodeField } from '../../ui/code-field.tsx';
import { Field } from '../../ui/field.tsx';

/** The second factors whose code is not sent: the person has it. */
export type FactorMethod = 'totp' | 'recovery-code';

/** Digits of an app's code: every authenticator app's default (RFC 6238). */
const appDigits = 6;
/** Writes a recovery code as it was shown, in groups. @returns undefined for any other text */
function tidyRecoveryCode(typed: string): string | undefined {
  const code = readRecoveryCode(typed);
  return code && shownRecoveryCode(code);
}

/** The field of an app's code or of a recovery code. @param name the field's path in the request body */
export const useFactorCodeField = (method: FactorMethod, name = 'code'): FieldState =>
  useMemo(
    () =>
      method === 'totp'
        ? createField(name, '', (code) =>
            code.length === appDigits ? undefined : () => t('rule.code', { count: appDigits }),
          )
        : tidied(
            createField(name, '', (code) =>
              tidyRecoveryCode(code) === undefined ? () => t('rule.recoveryCode') : undefined,
            ),
            tidyRecoveryCode,
          ),
    [method, name],
  );

interface FactorCodeFieldProps {
  readonly method: FactorMethod;
  readonly field: FieldState;
  readonly onFilled?: () => void;
}

export const FactorCodeField = ({ method, field, onFilled }: FactorCodeFieldProps) =>
  method === 'totp' ? (
    <CodeField
      field={field}
      length={appDigits}
      label={t('factor.totp')}
      hint={t('factor.totpHint')}
      onFilled={onFilled}
    />
  ) : (
    <Field field={field} label={t('factor.recovery')} hint={t('factor.recoveryHint')} ltr />
  );
