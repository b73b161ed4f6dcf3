import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import {
  FactorCodeField,
  type FactorMethod,
  useFactorCodeField,
} from '../challenge/factor-code-field.tsx';
import { useVerifyCode } from '../challenge/use-verify-code.ts';
import { completeLogin } from './complete-login.ts';
import { OtherMethods } from './other-methods.tsx';
import { type CodeState, startAgain } from './steps.ts';

interface FactorStepProps {
  readonly now: CodeState;
  readonly method: FactorMethod;
}

/** Takes a code that is not sent: an app's code, or a recovery code. */
export function FactorStep({ now, method }: FactorStepProps) {
  const { challenge } = now;
  const field = useFactorCodeField(method);
  const onVerified = completeLogin(now);
  const { submit, busy, failure, over } = useVerifyCode({ challenge, method, field, onVerified });
  const part = method === 'totp' ? 'app' : 'recovery';
  return (
    <Page
      title={t(`login:${part}.title`)}
      flowTitle={t('login:title')}
      lead={t(`login:${part}.lead`)}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {over && <Button onPress={() => startAgain(now)}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <>
          <Form onSubmit={submit}>
            <FactorCodeField method={method} field={field} onFilled={submit} />
            <Button submit busy={busy}>
              {t('code.verify')}
            </Button>
          </Form>
          <OtherMethods now={now} />
        </>
      )}
    </Page>
  );
}
