/** The alarms of flows: callers who came to grief in one, and what flows could not have. */
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../lambda/platform/names.ts';
import { type MetricName, overall } from './metrics.ts';
import { FIVE_MINUTES, QUARTER_HOUR, type Watch } from './watch.ts';

const sum = (name: MetricName, period = FIVE_MINUTES) => overall(name, Stats.SUM, period);

export const flowWatches = (): Watch[] => [
  {
    name: 'flow-failures',
    means: 'Flows could not go on, and their callers heard an apology',
    metric: sum(METRICS.flowFailures),
    level: { atLeast: 3 },
  },
  {
    name: 'flow-effect-failures',
    means: 'What flows want done elsewhere (requests, calls, messages) fails in all its attempts',
    metric: sum(METRICS.flowEffectFailures),
    level: { atLeast: 5 },
  },
  {
    name: 'callback-failures',
    means: 'Callers who were promised a call back could not be reached, or not in time',
    metric: sum(METRICS.callbacksFailed, QUARTER_HOUR),
    level: { atLeast: 3 },
  },
  {
    name: 'transcription-failures',
    means: 'Calls are not transcribed, or their transcripts are not taken',
    metric: sum(METRICS.transcriptionFailures),
    level: { atLeast: 3 },
  },
  {
    name: 'keyword-alerts',
    means: 'Somebody said a phrase that a flow marks as an alert',
    metric: sum(METRICS.keywordAlerts),
    level: { atLeast: 1 },
  },
];
