import { useEffect } from 'preact/hooks';
import { t } from '../i18n/index.ts';
import { isAtOnce, readCode } from '../rules/read-code.ts';
import type { FieldState } from '../state/form.ts';
import { Field } from './field.tsx';

interface CodeFieldProps {
  readonly field: FieldState;
  /** Digits of a code. */
  readonly length: number;
  readonly label?: string;
  readonly hint?: string;
  /** The id of another element that describes it. */
  readonly describedBy?: string;
  /** Lets the phone fill in the code of an SMS. Leave it out for an app's code, which would get the SMS's. */
  readonly fromSms?: boolean;
  /** Called for a code that arrives at once: pasted, or filled in by the phone. A typed code needs the button. */
  readonly onFilled?: (code: string) => void;
}

/** One input for a code: numeric keypad, autofill from the SMS, digits of any script, and a whole SMS may be pasted. */
export function CodeField(props: CodeFieldProps) {
  const { field, length, label, hint, describedBy, fromSms, onFilled } = props;
  function take(text: string): void {
    const before = field.value.peek();
    const code = readCode(text, length);
    field.value.value = code;
    if (code.length === length && isAtOnce(before, text, code)) onFilled?.(code);
  }
  useSmsCode(fromSms === true, take);
  return (
    <Field
      field={field}
      label={label ?? t('code.label')}
      hint={hint ?? t('code.hint')}
      describedBy={describedBy}
      inputMode="numeric"
      autocomplete={fromSms ? 'one-time-code' : 'off'}
      onType={take}
      ltr
      code
    />
  );
}

/** WebOTP: on Android the browser hands over the code of an SMS, if the person allows it. */
function useSmsCode(enabled: boolean, take: (code: string) => void): void {
  useEffect(() => {
    if (!enabled || !('OTPCredential' in globalThis)) return undefined;
    const ending = new AbortController();
    const wanted = { otp: { transport: ['sms'] }, signal: ending.signal };
    navigator.credentials
      .get(wanted as CredentialRequestOptions)
      .then((found) =>
        take((found as (Credential & { readonly code?: string }) | null)?.code ?? ''),
      )
      // The person refused, or left the page: they type the code.
      .catch(() => {});
    return () => ending.abort();
  }, [enabled]);
}
