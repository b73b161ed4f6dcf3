import { t } from '../../i18n/index.ts';
import type { FieldState } from '../../state/form.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { FactorField, type FactorMethod } from '../challenge/factor-field.tsx';

/** What an account asks for besides the SMS. */
export interface Asked {
  readonly methods: readonly FactorMethod[];
  /** The one that is asked for now. */
  readonly method: FactorMethod;
}

interface TheirFactorProps {
  readonly method: FactorMethod;
  readonly field: FieldState;
}

/** A code of the app, or a recovery code. */
export const TheirFactor = ({ method, field }: TheirFactorProps) => (
  <div class="stack">
    <Notice title={t('problem.second_factor_required.title')}>
      <p>{t('problem.second_factor_required.text')}</p>
    </Notice>
    <FactorField key={method} method={method} field={field} />
  </div>
);

interface OtherWaysProps {
  readonly asked: Asked;
  readonly onAsk: (asked: Asked) => void;
}

/** The other kind of code; and for who has neither, the telephone: there is no way past it by SMS, on purpose. */
export function OtherWays({ asked, onAsk }: OtherWaysProps) {
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
