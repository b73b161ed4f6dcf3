import './texts.ts';
import { FactorStep } from './factor-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { PhoneFirstStep } from './phone-first-step.tsx';
import { SmsStep } from './sms-step.tsx';
import { flow, isPhoneFirst } from './steps.ts';

/**
 * Password → second factor, if one is due → the page that the person wanted. Where the tries at the name are used up, the
 * phone is proved before the password.
 */
export default function Login() {
  const now = flow.current.value;
  if (now.step === 'password') return <PasswordStep key="password" now={now} />;
  const { method, challenge } = now;
  if (method === 'sms' && isPhoneFirst(now) && !challenge.sent) {
    return <PhoneFirstStep key="phone-first" now={now} />;
  }
  if (method === 'sms') return <SmsStep key="sms" now={now} />;
  return <FactorStep key={method} now={now} method={method} />;
}
