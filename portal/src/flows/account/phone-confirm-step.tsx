import { useSignal } from '@preact/signals';
import { t } from '../../i18n/index.ts';
import { isChallengeOver } from '../../state/failure.ts';
import { validateFields } from '../../state/form.ts';
import { showServerErrors } from '../../state/show-server-errors.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import {
  FactorCodeField,
  type FactorMethod,
  useFactorCodeField,
} from '../challenge/factor-code-field.tsx';
import { showWrongCode } from '../challenge/use-verify-code.ts';
import { BackToAccount } from './back-to-account.tsx';
import { completeMove, type PhoneMoveStepProps } from './phone-move-step.tsx';
import { flow, startAgain } from './phone-steps.ts';

/** Offers to confirm the change with the app or a recovery code: the new number counts at once then. */
export function PhoneConfirmStep(props: PhoneMoveStepProps) {
  const { flowTitle, steps, ticket, destination, before } = props;
  const method = useSignal<FactorMethod>('totp');
  const field = useFactorCodeField(method.value, 'secondFactor.code');
  const confirm = useTask((code: string) =>
    completeMove({ ticket, destination, before }, { method: method.peek(), code }),
  );
  const failure = confirm.failure.value;
  const over =
    isChallengeOver(failure) ||
    failure?.kind === 'ticket_invalid' ||
    failure?.kind === 'phone_full';
  const other: FactorMethod = method.value === 'totp' ? 'recovery-code' : 'totp';

  async function submit(): Promise<void> {
    if (!validateFields([field])) return;
    await confirm.run(field.value.value);
    showWrongCode(confirm, field);
    showServerErrors(confirm, [field]);
  }

  return (
    <Page
      title={t('account:phone.confirmTitle')}
      flowTitle={flowTitle}
      lead={t('account:phone.confirmLead')}
      steps={steps}
    >
      <FailureNotice failure={failure} onRetry={submit}>
        {over && <Button onPress={startAgain}>{t('startAgain')}</Button>}
      </FailureNotice>
      {!over && (
        <>
          <Form onSubmit={submit}>
            <FactorCodeField key={method.value} method={method.value} field={field} />
            <Button submit busy={confirm.busy.value}>
              {t('account:phone.confirm')}
            </Button>
          </Form>
          <Button
            kind="text"
            onPress={() => {
              method.value = other;
            }}
          >
            {other === 'totp' ? t('factor.useTotp') : t('factor.useRecovery')}
          </Button>
          <Button
            kind="text"
            onPress={() => flow.replace({ step: 'move', ticket, destination, before })}
          >
            {t('account:phone.withoutApp')}
          </Button>
        </>
      )}
      <BackToAccount />
    </Page>
  );
}
