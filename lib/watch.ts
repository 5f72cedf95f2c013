/** One alarm, as data. */
import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

export interface Watch {
  /** Alarm name, and heading in the runbook. */
  name: string;
  means: string;
  metric: IMetric;
  /** Goes off when the metric reaches `atLeast`, or stays under `below`. */
  level: { atLeast: number } | { below: number };
  /** So many of the last so many periods; one of one unless said. */
  periods?: [breaching: number, of: number];
  /** True: no data is an alarm as well. */
  silenceIsBad?: boolean;
}

export const MINUTELY = { period: Duration.minutes(1) };
export const FIVE_MINUTES = Duration.minutes(5);
export const QUARTER_HOUR = Duration.minutes(15);
