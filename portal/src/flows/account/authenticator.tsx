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
  const windowTitle = t('account:totp.title');
  switch (now.step) {
    case 'factors':
      return <AuthenticatorStatusStep key="factors" removed={now.removed} />;
    case 'password':
      return <AuthenticatorPasswordStep key={now.what} {...now} windowTitle={windowTitle} />;
    case 'app':
      return <AuthenticatorPairStep key="app" windowTitle={windowTitle} />;
    case 'codes':
      return <RecoveryCodesStep key="codes" windowTitle={windowTitle} />;
  }
});
