import { type Signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { isProblem } from '../../../../client/src/index.ts';
import { t } from '../../i18n/index.ts';
import { validateFields } from '../../state/form.ts';
import { client } from '../../state/session.ts';
import { useTask } from '../../state/task.ts';
import { Button } from '../../ui/button.tsx';
import { Form } from '../../ui/form.tsx';
import { FailureNotice, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { FactorCodeField, useFactorCodeField } from '../challenge/factor-code-field.tsx';
import { showWrongCode } from '../challenge/use-verify-code.ts';
import { flow, type Offer, offered, progress, showCodes } from './authenticator-steps.ts';
import { CopyButton } from './copy-button.tsx';
import { trackLostAnswer } from './lost-answer.ts';

/** Shows the secret as a QR code and as text, and takes the first code of the app. */
export function AuthenticatorPairStep({ flowTitle }: { readonly flowTitle: string }) {
  const offer = offered.value;
  const qrFailed = useSignal(false);
  return (
    <Page
      title={t('account:totp.appTitle')}
      flowTitle={flowTitle}
      lead={offer && t(qrFailed.value ? 'account:totp.appLeadTyped' : 'account:totp.appLead')}
      steps={progress('app')}
    >
      {offer ? (
        <Pairing offer={offer} qrFailed={qrFailed} />
      ) : (
        <Notice tone="warn" title={t('account:totp.gone')} urgent>
          <p>{t('account:totp.goneText')}</p>
          <Button onPress={startAgain}>{t('startAgain')}</Button>
        </Notice>
      )}
      <Button kind="text" onPress={() => flow.replace({ step: 'factors' })}>
        {t('account:cancel')}
      </Button>
    </Page>
  );
}

const startAgain = () => flow.replace({ step: 'password', what: 'add' });

interface PairingProps {
  readonly offer: Offer;
  /** Set if the QR code could not be drawn. */
  readonly qrFailed: Signal<boolean>;
}

function Pairing({ offer, qrFailed }: PairingProps) {
  const { secret, uri, enrolment, username } = offer;
  const field = useFactorCodeField('totp');
  const confirmation = useMemo(trackLostAnswer, []);
  const confirm = useTask(async (code: string) => {
    const call = confirmation.watch(client.confirmTotp({ enrolment, code }));
    const answer = await call.catch(unlessAdded);
    if (answer) showCodes(answer.recoveryCodes, username);
    else flow.replace({ step: 'password', what: 'codes', lost: true });
  });

  /** Handles an enrolment that is used up: if an answer was lost, the app was added and its codes were lost. */
  async function unlessAdded(error: unknown): Promise<undefined> {
    if (!confirmation.wasLost() || !isProblem(error, 'challenge_expired')) throw error;
    const { account } = await client.readAccount();
    if (!account.secondFactors.totp) throw error;
  }

  async function submit(): Promise<void> {
    if (!validateFields([field])) return;
    await confirm.run(field.value.value);
    showWrongCode(confirm, field);
  }
  const failure = confirm.failure.value;

  return (
    <>
      <PairingCode uri={uri} qrFailed={qrFailed} />
      <p>
        <a class="way" href={uri}>
          {t('account:totp.open')}
        </a>
      </p>
      <div class="secret">
        <p>{t('account:totp.type')}</p>
        <p class="secret__text ltr" translate={false}>
          {secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </p>
        <CopyButton text={secret} label={t('account:totp.copySecret')} />
      </div>
      <FailureNotice failure={failure} onRetry={submit}>
        {failure?.kind === 'challenge_expired' && (
          <Button onPress={startAgain}>{t('startAgain')}</Button>
        )}
      </FailureNotice>
      <Form onSubmit={submit}>
        <FactorCodeField method="totp" field={field} />
        <Button submit busy={confirm.busy.value}>
          {t('account:totp.confirm')}
        </Button>
      </Form>
    </>
  );
}

interface PairingCodeProps {
  readonly uri: string;
  readonly qrFailed: Signal<boolean>;
}

/** Draws the QR code. Its script is loaded only here; without it the person types the secret. */
function PairingCode({ uri, qrFailed }: PairingCodeProps) {
  const drawn = useSignal<ComponentType<{ readonly text: string }> | undefined>(undefined);
  useEffect(() => {
    import('./qr-code.tsx').then(
      ({ QrCode }) => {
        drawn.value = QrCode;
      },
      () => {
        qrFailed.value = true;
      },
    );
  }, [drawn, qrFailed]);
  const QrCode = drawn.value;
  return <div class="qr">{QrCode && <QrCode text={uri} />}</div>;
}
