import { t } from '../../i18n/index.ts';
import { client } from '../../state/session.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { flow, offered, progress, showCodes, type Wish } from './authenticator-steps.ts';
import { PasswordForm } from './current-password-form.tsx';
import { WithAccount } from './with-account.tsx';

interface AuthenticatorPasswordStepProps {
  readonly what: Wish;
  readonly lost?: boolean;
  readonly windowTitle: string;
}

/** The password, and then what it was asked for. */
export const AuthenticatorPasswordStep = ({
  what,
  lost,
  windowTitle,
}: AuthenticatorPasswordStepProps) => (
  <Page
    title={t(`account:totp.ask.${what}.title`)}
    windowTitle={windowTitle}
    lead={t(`account:totp.ask.${what}.text`)}
    {...(what === 'add' && { steps: progress('password') })}
  >
    {lost && (
      <Notice tone="warn" title={t('account:totp.lost')} urgent>
        <p>{t('account:totp.lostText')}</p>
      </Notice>
    )}
    <WithAccount>
      {({ username }) => (
        <PasswordForm
          username={username}
          action={t(`account:totp.ask.${what}.action`)}
          danger={what === 'remove'}
          onPassword={does[what]}
        />
      )}
    </WithAccount>
    <Button kind="text" onPress={() => flow.replace({ step: 'factors' })}>
      {t('account:cancel')}
    </Button>
  </Page>
);

const does: Readonly<Record<Wish, (currentPassword: string) => Promise<void>>> = {
  async add(currentPassword) {
    offered.value = await client.offerTotp({ currentPassword });
    flow.go({ step: 'app' });
  },
  async codes(currentPassword) {
    showCodes((await client.renewRecoveryCodes({ currentPassword })).recoveryCodes);
  },
  async remove(currentPassword) {
    await client.removeTotp({ currentPassword });
    flow.replace({ step: 'factors', removed: true });
  },
};
