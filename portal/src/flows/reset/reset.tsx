import './texts.ts';
import { CodeStep } from './code-step.tsx';
import { DoneStep } from './done-step.tsx';
import { IdentifyStep } from './identify-step.tsx';
import { PasswordStep } from './password-step.tsx';
import { RestoredStep } from './restored-step.tsx';
import { SendStep } from './send-step.tsx';
import { flow } from './steps.ts';

/** The ministry's steps: username and national ID → send the code → code → new password, twice → logged in. */
export default function Reset() {
  const now = flow.current.value;
  switch (now.step) {
    case 'who':
      return <IdentifyStep key="who" known={now.username} />;
    case 'send':
      return <SendStep key="send" {...now} />;
    case 'code':
      return <CodeStep key={now.challenge.id} {...now} />;
    case 'password':
      return <PasswordStep key="password" {...now} />;
    case 'done':
      return <DoneStep />;
    case 'restored':
      return <RestoredStep key="restored" {...now} />;
  }
}
