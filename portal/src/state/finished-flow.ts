import { signal } from '@preact/signals';
import type { Input } from '../../../client/src/index.ts';
import { type Entry, entry } from './router.ts';

/** What the portal asks about: a flow that a person came for. */
export type FeedbackFlow = Input<'giveFeedback'>['flow'];

interface FinishedFlow {
  readonly flow: FeedbackFlow;
  /** The entry of the history that shows its end. */
  readonly at: Entry;
}

/** The flow that ended last in this page. It is in memory only: which flows a person finished is nobody's business. */
export const finishedFlow = signal<FinishedFlow | undefined>(undefined);

/** Has the page ask whether the flow worked, until the person goes on. Call it after going to the flow's last screen. */
export function markFinished(flow: FeedbackFlow): void {
  finishedFlow.value = { flow, at: entry.peek() };
}
