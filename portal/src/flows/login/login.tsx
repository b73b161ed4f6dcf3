import './texts.ts';
import { FactorStep } from './factor-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { SmsStep } from './sms-step.tsx';
import { flow } from './steps.ts';

/** Password → second factor, if one is due → the page that the person wanted. */
export default function Login() {
  const now = flow.current.value;
  if (now.step === 'password') return <PasswordStep key="password" now={now} />;
  const { method } = now;
  if (method === 'sms') return <SmsStep key="sms" now={now} />;
  return <FactorStep key={method} now={now} method={method} />;
}
