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
  /** The id of what describes it besides. */
  readonly about?: string;
  /** The phone may fill it in. Not so a code of an app: it would get that of an SMS. */
  readonly fromSms?: boolean;
  /** The code is there all at once: from the SMS, by the phone or by pasting. Typing never sends by itself. */
  readonly onFilled?: (code: string) => void;
}

/** One input for a code: numeric keypad, filled in by the phone, any digits, and the whole SMS may be pasted. */
export function CodeField(props: CodeFieldProps) {
  const { field, length, label, hint, about, fromSms, onFilled } = props;
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
      {...(about && { about })}
      inputMode="numeric"
      autocomplete={fromSms ? 'one-time-code' : 'off'}
      onType={take}
      ltr
      code
    />
  );
}

/** WebOTP: on Android the browser itself hands over the code, when its owner lets it. */
function useSmsCode(wanting: boolean, take: (code: string) => void): void {
  useEffect(() => {
    if (!wanting || !('OTPCredential' in globalThis)) return undefined;
    const ending = new AbortController();
    const wanted = { otp: { transport: ['sms'] }, signal: ending.signal };
    navigator.credentials
      .get(wanted as CredentialRequestOptions)
      .then((found) =>
        take((found as (Credential & { readonly code?: string }) | null)?.code ?? ''),
      )
      // Refused, or left: then it is typed.
      .catch(() => {});
    return () => ending.abort();
  }, [wanting]);
}
