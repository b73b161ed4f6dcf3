import './texts.ts';
import { AskStep } from './ask-step.tsx';
import { SentStep } from './sent-step.tsx';
import { flow } from './steps.ts';

/** National ID and phone → the username comes by SMS, if both are of one account. */
export default function Username() {
  const { step } = flow.current.value;
  return step === 'ask' ? <AskStep key="ask" /> : <SentStep key="sent" />;
}
