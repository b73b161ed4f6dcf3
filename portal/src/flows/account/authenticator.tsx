import { t } from '../../i18n/index.ts';
import { AuthenticatorPairStep } from './authenticator-pair-step.tsx';
import { AuthenticatorPasswordStep } from './authenticator-password-step.tsx';
import { AuthenticatorStatusStep } from './authenticator-status-step.tsx';
import { flow } from './authenticator-steps.ts';
import { RecoveryCodesStep } from './recovery-codes-step.tsx';
import { requireLogin } from './require-login.tsx';

/** The authenticator app and its recovery codes: status, adding, renewing, removing. */
export default requireLogin(() => {
  const now = flow.current.value;
  const flowTitle = t('account:totp.title');
  switch (now.step) {
    case 'factors':
      return <AuthenticatorStatusStep key="factors" removed={now.removed} />;
    case 'password':
      return <AuthenticatorPasswordStep key={now.what} {...now} flowTitle={flowTitle} />;
    case 'app':
      return <AuthenticatorPairStep key="app" flowTitle={flowTitle} />;
    case 'codes':
      return <RecoveryCodesStep key="codes" flowTitle={flowTitle} />;
  }
});
