import { t } from '../../i18n/index.ts';
import { CodeStep } from '../challenge/code-step.tsx';
import type { LateText } from '../challenge/resend-sms.tsx';
import { completeLogin } from './complete-login.ts';
import { OtherMethods } from './other-methods.tsx';
import { type CodeState, flow, isPhoneFirst, startAgain } from './steps.ts';

const late: LateText = (delivery) =>
  delivery === 'failed' ? t('login:lateFailed') : t(`code.late.${delivery}`);

export const SmsStep = ({ now }: { readonly now: CodeState }) => (
  <CodeStep
    challenge={now.challenge}
    flowTitle={t('login:title')}
    late={late}
    onSent={(challenge) => flow.replace({ ...now, challenge })}
    onVerified={completeLogin(now)}
    onRestart={() => startAgain(now)}
    {...(isPhoneFirst(now) && { lead: t('login:phoneFirst.typed') })}
  >
    <OtherMethods now={now} />
  </CodeStep>
);
