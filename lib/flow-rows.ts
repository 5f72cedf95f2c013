/** How flows fare, on the dashboard: their calls, what they could not have, callbacks and transcripts. */
import { METRICS } from '../lambda/platform/names.ts';
import { overall, perFlow } from './metrics.ts';
import { row } from './row.ts';

export const flows = () =>
  row(
    { title: 'Flows at work', left: [perFlow(METRICS.flowCalls)] },
    {
      title: 'Flows in trouble',
      left: [perFlow(METRICS.flowFailures), perFlow(METRICS.flowEffectFailures)],
    },
    {
      title: 'Callbacks',
      left: [
        overall(METRICS.callbacksRequested),
        overall(METRICS.callbacksReached),
        overall(METRICS.callbacksFailed),
      ],
    },
    {
      title: 'Keyword alerts, transcripts lost',
      left: [overall(METRICS.keywordAlerts), overall(METRICS.transcriptionFailures)],
    },
  );
