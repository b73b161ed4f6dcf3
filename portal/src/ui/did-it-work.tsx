import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { type FeedbackFlow, finishedFlow } from '../state/finished-flow.ts';
import { entry } from '../state/router.ts';

const question = signal<ComponentType<{ readonly flow: FeedbackFlow }> | undefined>(undefined);

/** Below the last screen of a flow: asks whether it worked. Its script loads when a flow has ended, and is not missed if it cannot. */
export function DidItWork() {
  const finished = finishedFlow.value;
  const flow = finished?.at === entry.value ? finished.flow : undefined;
  useEffect(() => {
    if (flow === undefined || question.peek()) return;
    import('../flows/feedback/feedback-question.tsx').then(
      (loaded) => {
        question.value = loaded.default;
      },
      () => {},
    );
  }, [flow]);
  const Question = question.value;
  return flow && Question ? <Question key={flow} flow={flow} /> : null;
}
