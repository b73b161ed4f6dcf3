import { useSignal } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { strengthText } from '../rules/check-new-password.ts';
import { type PasswordOwner, passwordStrength } from '../rules/password-strength.ts';
import type { FieldState } from '../state/form.ts';
import { Field } from './field.tsx';

interface PasswordFieldProps {
  readonly field: FieldState;
  readonly label: string;
  /** With `new-password`, password managers suggest one; with `current-password`, they fill it in. */
  readonly autocomplete: 'new-password' | 'current-password';
  /** For a new password: shows how strong it is for this owner. */
  readonly strengthFor?: PasswordOwner;
}

/** A password with a button that shows it. A new password also shows its strength while it is typed. */
export function PasswordField({ field, label, autocomplete, strengthFor }: PasswordFieldProps) {
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
      // An error replaces the strength: both would say the same.
      below={
        strengthFor &&
        !field.error.value && <Strength password={field.value.value} owner={strengthFor} />
      }
    />
  );
}

interface StrengthProps {
  readonly password: string;
  readonly owner: PasswordOwner;
}

function Strength({ password, owner }: StrengthProps) {
  const { level, reason, missing } = passwordStrength(password, owner);
  return (
    <div class={`strength strength--${level}`}>
      <span class="strength__meter" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <p class="soft" role="status">
        {level !== 0 && <strong>{t(`password.${levels[level]}`)} </strong>}
        {reason && strengthText(reason, missing)}
      </p>
    </div>
  );
}

const levels = { 1: 'weak', 2: 'fair', 3: 'strong' } as const;
