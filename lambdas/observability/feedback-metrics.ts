import type { Feedback } from '#core/model/feedback.ts';
import { metric } from './log.ts';

/**
 * Counts an answer to "Did this work?". The flow is a field of the line, one of a closed list, and nothing else is known.
 * Anybody may send answers, so the numbers are a hint and no alarm watches them.
 */
export const countFeedback = ({ flow, worked }: Feedback): void =>
  metric(worked ? 'FlowWorked' : 'FlowFailed', { flow });
