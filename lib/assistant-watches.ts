/** The alarms of assistants: what callers notice first, then the machinery behind it. */
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../lambda/platform/names.ts';
import type { Functions } from './functions.ts';
import { formula, ofTable, overall } from './metrics.ts';
import type { Tables } from './tables.ts';
import { FIVE_MINUTES, MINUTELY, QUARTER_HOUR, type Watch } from './watch.ts';

export const assistantWatches = (functions: Functions, { frames }: Tables): Watch[] => [
  ...conversationWatches(functions),
  ...functionWatches(functions),
  {
    name: 'frames-throttles',
    means: 'DynamoDB refuses frames: more calls stream than the frame log has grown for',
    metric: formula(
      'reads + writes',
      { reads: ofTable(frames, 'ReadThrottleEvents'), writes: ofTable(frames, 'WriteThrottleEvents') },
      'throttled requests',
    ),
    level: { atLeast: 1 },
    periods: [2, 5],
  },
];

function conversationWatches({ stream }: Functions): Watch[] {
  return [
    {
      name: 'assistant-failures',
      means: 'Assistants gave up, and their callers were sent on to people',
      metric: overall(METRICS.assistantFailures, Stats.SUM, FIVE_MINUTES),
      level: { atLeast: 3 },
    },
    {
      name: 'slow-turns',
      means: 'One reply in twenty begins more than three seconds after the caller has finished',
      metric: overall(METRICS.turnMs, Stats.p(95), FIVE_MINUTES),
      level: { atLeast: 3000 },
      periods: [2, 3],
    },
    {
      name: 'frame-loss',
      means: 'More than one frame in fifty of what callers say is missing',
      metric: formula(
        'IF(events >= 3000, 100 * concealed / events, 0)',
        {
          concealed: overall(METRICS.framesConcealed, Stats.SUM, FIVE_MINUTES),
          events: stream.metricInvocations({ period: FIVE_MINUTES }),
        },
        'concealed %',
        FIVE_MINUTES,
      ),
      level: { atLeast: 2 },
      periods: [2, 3],
    },
  ];
}

function functionWatches({ stream, session }: Functions): Watch[] {
  return [
    {
      name: 'stream-errors',
      means: 'The function of the media streams fails: frames are lost and the carrier gets error frames',
      metric: formula(
        'logged + errors + throttles',
        {
          logged: stream.metricLoggedErrors(MINUTELY),
          errors: stream.metricErrors(MINUTELY),
          throttles: stream.metricThrottles(MINUTELY),
        },
        'errors and throttles',
      ),
      level: { atLeast: 1 },
    },
    {
      name: 'session-errors',
      means: 'Conversations fail, or cannot start because no function is free for them',
      metric: formula(
        'logged + errors + throttles + dropped',
        {
          logged: session.metricLoggedErrors(MINUTELY),
          errors: session.metricErrors(MINUTELY),
          throttles: session.metricThrottles(MINUTELY),
          dropped: session.metric('AsyncEventsDropped', { statistic: Stats.SUM, ...MINUTELY }),
        },
        'errors, throttles and drops',
      ),
      level: { atLeast: 1 },
    },
    {
      name: 'session-recoveries',
      means: 'Sessions die in mid-call; a successor took over after some seconds of silence',
      metric: overall(METRICS.sessionRecoveries, Stats.SUM, QUARTER_HOUR),
      level: { atLeast: 3 },
    },
  ];
}
