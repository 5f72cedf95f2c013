import type { RefusedAction } from '../action.ts';

export const aiSummary: RefusedAction = {
  type: 'ai_summary',
  refused:
    'Vobiz makes no summaries, and a call in progress has no use for one; send the transcript to your own service with transcribe_start.',
};
