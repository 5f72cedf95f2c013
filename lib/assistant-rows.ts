/** How assistants fare, on the dashboard: their calls, their speed, the streams and sessions that carry them. */
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS } from '../lambda/platform/names.ts';
import { overall, perAssistant } from './metrics.ts';
import { row } from './row.ts';

export const assistants = () =>
  row(
    {
      title: 'Assistants at work',
      left: [perAssistant(METRICS.assistantCalls), perAssistant(METRICS.assistantTransfers)],
    },
    { title: 'Assistants that gave up', left: [perAssistant(METRICS.assistantFailures)] },
    {
      title: 'Turns and interruptions',
      left: [overall(METRICS.assistantTurns), overall(METRICS.interruptions)],
    },
    {
      title: 'Calls placed',
      left: [overall(METRICS.outboundCalls), overall(METRICS.outboundUnanswered)],
    },
  );

export const turns = () =>
  row(
    {
      title: 'Reply begins after',
      label: 'ms',
      left: [Stats.p(50), Stats.p(95)].map(statistic => overall(METRICS.turnMs, statistic)),
    },
    { title: 'Reply p95 by assistant', label: 'ms', left: [perAssistant(METRICS.turnMs, Stats.p(95))] },
    {
      title: 'Where a turn takes its time',
      label: 'ms',
      left: [
        METRICS.endpointingMs,
        METRICS.firstTokenMs,
        METRICS.firstSentenceMs,
        METRICS.speechFirstByteMs,
      ].map(name => overall(name, Stats.p(95))),
    },
  );

export const media = () =>
  row(
    {
      title: 'Frames concealed and lost',
      left: [overall(METRICS.framesConcealed), overall(METRICS.framesLost)],
    },
    {
      title: 'Streams dropped and degraded',
      left: [
        overall(METRICS.droppedStreams),
        overall(METRICS.degradedStreams),
        overall(METRICS.streamMessagesIgnored),
      ],
    },
    {
      title: 'Sessions handed over and recovered',
      left: [
        overall(METRICS.sessionHandOvers),
        overall(METRICS.sessionRecoveries),
        overall(METRICS.sttReconnects),
      ],
    },
  );
