import { t } from '../../i18n/index.ts';
import type { FieldState } from '../../state/form.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FactorCodeField, type FactorMethod } from '../challenge/factor-code-field.tsx';

/** The second factor that an account asks for besides the SMS. */
export interface RequiredFactor {
  readonly methods: readonly FactorMethod[];
  /** The method that is asked for now. */
  readonly method: FactorMethod;
}

interface SecondFactorFieldProps {
  readonly method: FactorMethod;
  readonly field: FieldState;
}

/** Takes an app's code or a recovery code, and says why. */
export const SecondFactorField = ({ method, field }: SecondFactorFieldProps) => (
  <div class="stack">
    <Notice title={t('problem.second_factor_required.title')}>
      <p>{t('problem.second_factor_required.text')}</p>
    </Notice>
    <FactorCodeField key={method} method={method} field={field} />
  </div>
);

interface OtherFactorProps {
  readonly required: RequiredFactor;
  readonly onChoose: (required: RequiredFactor) => void;
}

/** Offers the other kind of code. A person with neither has to call: an SMS alone must not bypass the second factor. */
export function OtherFactor({ required, onChoose }: OtherFactorProps) {
  const other = required.methods.find((one) => one !== required.method);
  return (
    <div>
      {other && (
        <Button kind="text" onPress={() => onChoose({ ...required, method: other })}>
          {other === 'totp' ? t('factor.useTotp') : t('factor.useRecovery')}
        </Button>
      )}
      <details class="details">
        <summary>{t('reset:factor.noneTitle')}</summary>
        <p>{t('reset:factor.none')}</p>
      </details>
    </div>
  );
}
