import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** An alarm for an event that should never happen. One occurrence in a period raises it. */
export function alarmOnAny(scope: Construct, id: string, metric: IMetric): Alarm {
  return new Alarm(scope, id, {
    metric,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** A metric that the functions log, by the minute. `lambdas/observability/log.ts` has the names. */
export const functionMetric = (metricName: string): Metric =>
  new Metric({
    namespace: 'Hawiya',
    metricName,
    statistic: 'Sum',
    period: Duration.minutes(1),
  });
