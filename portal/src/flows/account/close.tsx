import { paths } from '../../../paths.ts';
import { t } from '../../i18n/index.ts';
import { client } from '../../state/session.ts';
import { Link } from '../../ui/link.tsx';
import { Page } from '../../ui/page.tsx';
import { CodeStep } from '../challenge/code-step.tsx';
import { BackToAccount } from './back-to-account.tsx';
import { CloseConfirmStep } from './close-confirm-step.tsx';
import { flow, progress, startAgain } from './close-steps.ts';
import { CurrentPasswordForm } from './current-password-form.tsx';
import { RequireLogin } from './require-login.tsx';
import { WithAccount } from './with-account.tsx';

/** Consequences and password → code → confirmation → closed. The last page needs no session: the account is gone. */
export default function Close() {
  return flow.current.value.step === 'done' ? (
    <Closed />
  ) : (
    <RequireLogin>
      <Closing />
    </RequireLogin>
  );
}

function Closing() {
  const now = flow.current.value;
  const flowTitle = t('account:close.title');
  switch (now.step) {
    case 'code':
      return (
        <CodeStep
          key={now.challenge.id}
          challenge={now.challenge}
          flowTitle={flowTitle}
          steps={progress('code')}
          onSent={(challenge) => flow.replace({ step: 'code', challenge })}
          onVerified={(ticket) => flow.replace({ step: 'last', ticket })}
          onRestart={startAgain}
          late={(delivery) =>
            delivery === 'failed' ? t('account:close.notTaken') : t(`code.late.${delivery}`)
          }
        >
          <p>
            <Link to={paths.account}>{t('account:close.keep')}</Link>
          </p>
        </CodeStep>
      );
    case 'last':
      return <CloseConfirmStep key="last" ticket={now.ticket} />;
    default:
      return <CloseForm key="form" />;
  }
}

const points = ['gone', 'logins', 'again', 'stays'] as const;

const CloseForm = () => (
  <Page title={t('account:close.title')} lead={t('account:close.lead')} steps={progress('form')}>
    <ul class="points">
      {points.map((point) => (
        <li key={point}>{t(`account:close.points.${point}`)}</li>
      ))}
    </ul>
    <p>
      {t('account:close.first')} <Link to={paths.export}>{t('account:ways.export')}</Link>
    </p>
    <WithAccount>
      {({ username }) => (
        <CurrentPasswordForm
          username={username}
          action={t('account:close.send')}
          danger
          onPassword={async (currentPassword, call) => {
            const { challenge } = await client.startClosing({ currentPassword }, call);
            flow.go({ step: 'code', challenge });
          }}
          notNow={{ title: t('account:close.notNow'), text: t('account:close.held') }}
        />
      )}
    </WithAccount>
    <BackToAccount />
  </Page>
);

const Closed = () => (
  <Page
    key="done"
    title={t('account:close.done')}
    flowTitle={t('account:close.title')}
    lead={t('account:close.doneText')}
    steps={progress('done')}
  >
    <p>{t('account:close.doneNotYou')}</p>
    <Link to={paths.home} class="button">
      {t('account:left.home')}
    </Link>
  </Page>
);
