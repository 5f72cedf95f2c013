/**
 * The metrics that dashboard and alarms look at. The handlers emit each of ours twice: once per queue, assistant or
 * flow, for the graphs' one line each, and once without a dimension, because an alarm cannot search.
 */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { METRICS } from '../lambda/platform/names.ts';

export type MetricName = Exclude<
  (typeof METRICS)[keyof typeof METRICS],
  'Switchboard' | 'queue' | 'assistant' | 'flow'
>;

const MINUTE = Duration.minutes(1);

/** One of our metrics over all queues together. */
export function overall(metricName: MetricName, statistic: string = Stats.SUM, period = MINUTE): Metric {
  return new Metric({ namespace: METRICS.namespace, metricName, statistic, period });
}

/** One of our metrics, a line per queue, whichever queues there are. */
export const perQueue = (metricName: MetricName, statistic?: string) =>
  perEach(METRICS.dimension, metricName, statistic);

/** One of our metrics, a line per assistant. */
export const perAssistant = (metricName: MetricName, statistic?: string) =>
  perEach(METRICS.assistantDimension, metricName, statistic);

/** One of our metrics, a line per flow. */
export const perFlow = (metricName: MetricName, statistic?: string) =>
  perEach(METRICS.flowDimension, metricName, statistic);

function perEach(dimension: string, metricName: MetricName, statistic: string = Stats.SUM): IMetric {
  const search = `{${METRICS.namespace},${dimension}} MetricName="${metricName}"`;
  return new MathExpression({
    expression: `SEARCH('${search}', '${statistic}', ${MINUTE.toSeconds()})`,
    label: `\${PROP('Dim.${dimension}')} ${metricName}`,
    period: MINUTE,
    usingMetrics: {},
  });
}

/** Arithmetic over metrics; a metric without data in a period counts as nothing. */
export function formula(
  expression: string,
  usingMetrics: Record<string, IMetric>,
  label: string,
  period = MINUTE,
) {
  const filled = expression.replace(/\b[a-z]\w*\b/g, name =>
    name in usingMetrics ? `FILL(${name}, 0)` : name,
  );
  return new MathExpression({ expression: filled, usingMetrics, label, period });
}

/** One of DynamoDB's own metrics of a table; some exist only by operation or by index. */
export function ofTable(table: TableV2, metricName: string, dimensions: Record<string, string> = {}): Metric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: table.tableName, ...dimensions },
    statistic: Stats.SUM,
    period: MINUTE,
  });
}
