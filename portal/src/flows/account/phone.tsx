import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Link } from '../../ui/link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { CodeStep } from '../challenge/code-step.tsx';
import { SentToPhone } from '../challenge/sent-to-phone.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { PhoneConfirmStep } from './phone-confirm-step.tsx';
import { PhoneForm } from './phone-form.tsx';
import { PhoneMoveStep } from './phone-move-step.tsx';
import { flow, progress, startAgain } from './phone-steps.ts';
import { requireLogin } from './require-login.tsx';
import { WithAccount } from './with-account.tsx';

/** New number and password → code → confirm with an app, if there is one → move → done. */
export default requireLogin(() => {
  const now = flow.current.value;
  const flowTitle = t('account:phone.title');
  switch (now.step) {
    case 'form':
      return (
        <Page key="form" title={flowTitle} lead={t('account:phone.lead')} steps={progress('form')}>
          <Notice title={t('account:phone.holdTitle')}>
            <p>{t('account:phone.hold')}</p>
          </Notice>
          <WithAccount>{(account) => <PhoneForm account={account} />}</WithAccount>
          <BackToAccount />
        </Page>
      );
    case 'code':
      return (
        <CodeStep
          key={now.challenge.id}
          challenge={now.challenge}
          flowTitle={flowTitle}
          steps={progress('code')}
          onSent={(challenge) => flow.replace({ ...now, challenge })}
          onVerified={(ticket) => {
            const { destination } = now.challenge;
            const step = now.hasApp ? 'confirm' : 'move';
            flow.replace({ step, ticket, destination, before: now.before });
          }}
          onRestart={startAgain}
        >
          <Button kind="text" onPress={startAgain}>
            {t('code.otherPhone')}
          </Button>
        </CodeStep>
      );
    case 'confirm':
      return (
        <PhoneConfirmStep key="confirm" {...now} flowTitle={flowTitle} steps={progress('code')} />
      );
    case 'move':
      return <PhoneMoveStep key="move" {...now} flowTitle={flowTitle} steps={progress('code')} />;
    case 'done':
      return (
        <Page key="done" title={t('account:phone.done')} steps={progress('done')}>
          <p>
            <SentToPhone phone={now.phone}>{t('account:phone.doneText')}</SentToPhone>
          </p>
          <p>{now.confirmed ? t('account:phone.doneConfirmed') : t('account:phone.doneHold')}</p>
          <Link to={paths.account} class="button">
            {t('account:back')}
          </Link>
        </Page>
      );
  }
});
