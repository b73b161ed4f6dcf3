import { t } from '../../i18n/index.ts';
import { AppPasswordStep } from './app-password-step.tsx';
import { AppStep } from './app-step.tsx';
import { flow } from './authenticator-steps.ts';
import { CodesStep } from './codes-step.tsx';
import { FactorsStep } from './factors-step.tsx';
import { behindLogin } from './gate.tsx';

/** The authenticator app and its recovery codes: how they stand; adding, renewing and removing them. */
export default behindLogin(() => {
  const now = flow.current.value;
  const windowTitle = t('account:totp.title');
  switch (now.step) {
    case 'factors':
      return <FactorsStep key="factors" removed={now.removed} />;
    case 'password':
      return <AppPasswordStep key={now.what} {...now} windowTitle={windowTitle} />;
    case 'app':
      return <AppStep key="app" windowTitle={windowTitle} />;
    case 'codes':
      return <CodesStep key="codes" windowTitle={windowTitle} />;
  }
});
