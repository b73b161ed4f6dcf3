import { t } from '../../i18n/index.ts';
import { markFinished } from '../../state/finished-flow.ts';
import { client } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import {
  type AuthenticatorAction,
  flow,
  offered,
  progress,
  showCodes,
} from './authenticator-steps.ts';
import { CurrentPasswordForm } from './current-password-form.tsx';
import { WithAccount } from './with-account.tsx';

interface AuthenticatorPasswordStepProps {
  readonly what: AuthenticatorAction;
  readonly lost?: boolean;
  readonly flowTitle: string;
}

/** Asks for the password, and then does what it is needed for. */
export const AuthenticatorPasswordStep = ({
  what,
  lost,
  flowTitle,
}: AuthenticatorPasswordStepProps) => (
  <Page
    title={t(`account:totp.ask.${what}.title`)}
    flowTitle={flowTitle}
    lead={t(`account:totp.ask.${what}.text`)}
    steps={what === 'add' ? progress('password') : undefined}
  >
    {lost && (
      <Notice tone="warn" title={t('account:totp.lost')} urgent>
        <p>{t('account:totp.lostText')}</p>
      </Notice>
    )}
    <WithAccount>
      {({ username }) => (
        <CurrentPasswordForm
          username={username}
          action={t(`account:totp.ask.${what}.action`)}
          danger={what === 'remove'}
          onPassword={(currentPassword) => actions[what](currentPassword, username)}
        />
      )}
    </WithAccount>
    <Button kind="text" onPress={() => flow.replace({ step: 'factors' })}>
      {t('account:cancel')}
    </Button>
  </Page>
);

type Act = (currentPassword: string, username: string) => Promise<void>;

const actions: Readonly<Record<AuthenticatorAction, Act>> = {
  async add(currentPassword, username) {
    offered.value = { ...(await client.offerTotp({ currentPassword })), username };
    flow.go({ step: 'app' });
  },
  async codes(currentPassword, username) {
    showCodes((await client.renewRecoveryCodes({ currentPassword })).recoveryCodes, username);
  },
  async remove(currentPassword) {
    await client.removeTotp({ currentPassword });
    flow.replace({ step: 'factors', removed: true });
    markFinished('authenticator');
  },
};
