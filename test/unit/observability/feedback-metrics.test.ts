import { expect, it } from 'vitest';
import { feedbackFlows } from '#core/model/feedback.ts';
import { countFeedback } from '../../../lambdas/observability/feedback-metrics.ts';
import { collectLog } from '../http/lines.ts';

const written = collectLog();

it.each(feedbackFlows)(
  'an answer about %s is one of two metrics, without a dimension and with nothing but the flow',
  (flow) => {
    for (const [worked, name] of [
      [true, 'FlowWorked'],
      [false, 'FlowFailed'],
    ] as const) {
      countFeedback({ flow, worked });
      expect(written.lines().at(-1)).toEqual({
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'Hawiya',
              Dimensions: [[]],
              Metrics: [{ Name: name, Unit: 'Count' }],
            },
          ],
        },
        level: 'INFO',
        message: 'metric',
        flow,
        [name]: 1,
      });
    }
  },
);
