import * as z from 'zod/mini';
import { action } from '../action.ts';
import { stopRecording } from '../ending.ts';
import { on } from '../moment.ts';

export const recordingStop = action({
  type: 'recording_stop',
  does: 'Stops the recording of the call, once everything before it was heard.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({}),
  begin(moment) {
    if (!moment.state.recording) return on('skipped: nothing is being recorded');
    if (moment.verbs.length > 0) return { go: 'again' };
    stopRecording(moment);
    return on();
  },
});
