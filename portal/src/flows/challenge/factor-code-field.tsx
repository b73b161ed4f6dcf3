import { useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { createField, type FieldState } from '../../state/form.ts';
import { CodeField } from '../../ui/code-field.tsx';
import { Field } from '../../ui/field.tsx';

/** What is not sent to anybody, but had beforehand. */
export type FactorMethod = 'totp' | 'recovery-code';

/** Digits of an app's code: what every app makes unasked (RFC 6238). */
const appDigits = 6;
/** Letters and digits of a recovery code, without its dashes. */
const recoveryLength = 16;

/** The field of an app's code, or of a recovery code. @param name its path in the API's body */
export const useFactorCodeField = (method: FactorMethod, name = 'code'): FieldState =>
  useMemo(
    () =>
      method === 'totp'
        ? createField(name, '', (code) =>
            code.length === appDigits ? undefined : () => t('rule.code', { count: appDigits }),
          )
        : createField(name, '', (code) =>
            code.replace(/[\s\p{Pd}]/gu, '').length === recoveryLength
              ? undefined
              : () => t('rule.recoveryCode'),
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
      {...(onFilled && { onFilled })}
    />
  ) : (
    <Field field={field} label={t('factor.recovery')} hint={t('factor.recoveryHint')} ltr />
  );
