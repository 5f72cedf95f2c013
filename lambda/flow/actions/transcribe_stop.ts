import * as z from 'zod/mini';
import { action } from '../action.ts';
import { stopTranscription } from '../ending.ts';
import { on } from '../moment.ts';

export const transcribeStop = action({
  type: 'transcribe_stop',
  does: 'Stops the transcription, once everything before it was heard.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({}),
  begin(moment) {
    if (!moment.state.transcription) return on('skipped: nothing is being transcribed');
    if (moment.verbs.length > 0) return { go: 'again' };
    stopTranscription(moment);
    return on();
  },
});
