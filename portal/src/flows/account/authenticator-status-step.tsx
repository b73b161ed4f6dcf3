import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import type { Account } from './account-state.ts';
import { type AuthenticatorAction, flow } from './authenticator-steps.ts';
import { BackToAccount } from './back-to-account.tsx';
import { WithAccount } from './with-account.tsx';

interface AuthenticatorStatusStepProps {
  /** Whether the app was just removed. */
  readonly removed?: boolean;
}

/** Shows whether an authenticator app is set up, and offers what can be done. */
export const AuthenticatorStatusStep = ({ removed }: AuthenticatorStatusStepProps) => (
  <Page title={t('account:totp.title')} lead={t('account:totp.lead')}>
    {removed && <Notice tone="good" title={t('account:totp.removed')} urgent />}
    <WithAccount>
      {({ secondFactors }) =>
        secondFactors.totp ? <WithApp {...secondFactors} /> : <WithoutApp />
      }
    </WithAccount>
    <BackToAccount />
  </Page>
);

const ask = (what: AuthenticatorAction) => () => flow.go({ step: 'password', what });

const WithoutApp = () => (
  <>
    <p>{t('account:totp.none')}</p>
    <Button onPress={ask('add')}>{t('account:totp.add')}</Button>
  </>
);

/** At this number of recovery codes or fewer, the page suggests new ones. */
const few = 3;

const WithApp = ({ recoveryCodesLeft: count }: Account['secondFactors']) => (
  <>
    <Notice tone={count > few ? 'good' : 'warn'} title={t('account:factors.app')}>
      <p>{t('account:factors.codes', { count })}</p>
      {count <= few && <p>{t('account:totp.fewCodes')}</p>}
    </Notice>
    <div class="choices">
      <Button kind="second" onPress={ask('codes')}>
        {t('account:totp.renew')}
      </Button>
      <Button kind="second" onPress={ask('add')}>
        {t('account:totp.replace')}
      </Button>
      <Button kind="danger" onPress={ask('remove')}>
        {t('account:totp.remove')}
      </Button>
    </div>
  </>
);
