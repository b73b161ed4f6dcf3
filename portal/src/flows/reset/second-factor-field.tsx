import { t } from '../../i18n/index.ts';
import type { FieldState } from '../../state/form.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FactorCodeField, type FactorMethod } from '../challenge/factor-code-field.tsx';

/** What an account asks for besides the SMS. */
export interface Asked {
  readonly methods: readonly FactorMethod[];
  /** The one that is asked for now. */
  readonly method: FactorMethod;
}

interface SecondFactorFieldProps {
  readonly method: FactorMethod;
  readonly field: FieldState;
}

/** A code of the app, or a recovery code. */
export const SecondFactorField = ({ method, field }: SecondFactorFieldProps) => (
  <div class="stack">
    <Notice title={t('problem.second_factor_required.title')}>
      <p>{t('problem.second_factor_required.text')}</p>
    </Notice>
    <FactorCodeField key={method} method={method} field={field} />
  </div>
);

interface OtherMethodsProps {
  readonly asked: Asked;
  readonly onAsk: (asked: Asked) => void;
}

/** The other kind of code; and for who has neither, the telephone: there is no way past it by SMS, on purpose. */
export function OtherMethods({ asked, onAsk }: OtherMethodsProps) {
  const other = asked.methods.find((one) => one !== asked.method);
  return (
    <div>
      {other && (
        <Button kind="text" onPress={() => onAsk({ ...asked, method: other })}>
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
