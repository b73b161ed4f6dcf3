import { useSignal } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { passwordStrength, type StrengthReason } from '../rules/password-strength.ts';
import type { FieldState } from '../state/form.ts';
import { Field } from './field.tsx';

interface PasswordFieldProps {
  readonly field: FieldState;
  readonly label: string;
  /** `new-password` has managers offer one, `current-password` has them fill it in. */
  readonly autocomplete: 'new-password' | 'current-password';
  /** For a new one: what the person is known by, and does not belong into it. */
  readonly judge?: { readonly username: string; readonly nationalId: string };
}

/** A password that can be looked at, and that is told why it is not good enough while it is typed. */
export function PasswordField({ field, label, autocomplete, judge }: PasswordFieldProps) {
  const shown = useSignal(false);
  const action = shown.value ? t('hide') : t('show');
  return (
    <Field
      field={field}
      label={label}
      type={shown.value ? 'text' : 'password'}
      autocomplete={autocomplete}
      inside={
        <button
          type="button"
          class="field__show"
          aria-label={`${action} ${label}`}
          onClick={() => {
            shown.value = !shown.value;
          }}
        >
          {action}
        </button>
      }
      // What is wrong is said once.
      below={judge && !field.error.value && <Strength password={field.value.value} {...judge} />}
    />
  );
}

interface StrengthProps {
  readonly password: string;
  readonly username: string;
  readonly nationalId: string;
}

function Strength({ password, username, nationalId }: StrengthProps) {
  const { level, reason, missing } = passwordStrength(password, { username, nationalId });
  return (
    <div class={`strength strength--${level}`}>
      <span class="strength__meter" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <p class="soft" role="status">
        {level !== 0 && <strong>{t(`password.${levels[level]}`)} </strong>}
        {reason && reasonText(reason, missing)}
      </p>
    </div>
  );
}

const levels = { 1: 'weak', 2: 'fair', 3: 'strong' } as const;

const reasonText = (reason: StrengthReason, missing: number): string =>
  reason === 'too_short' ? t('password.too_short', { count: missing }) : t(`password.${reason}`);
