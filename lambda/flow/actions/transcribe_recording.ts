import * as z from 'zod/mini';
import { action } from '../action.ts';
import { isTarget } from '../flow.ts';
import { on, want } from '../moment.ts';
import { anyText, language } from '../options.ts';

const option = z.strictObject({
  language: z._default(language, 'en-US'),
  provider: z.optional(z.enum(['', 'gcp', 'aws'])),
  direction: z._default(z.enum(['in', 'out', 'both']), 'both'),
  on_end_flow_id: z.optional(anyText(128)),
});

export const transcribeRecording = action({
  type: 'transcribe_recording',
  does: 'Has all recordings of the call transcribed when they are there; the flow does not wait.',
  differs:
    'provider and direction have no effect: a recording of Vobiz holds both sides in one. Where recording.consent was set to anything but "yes" only messages are transcribed.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  references: ({ on_end_flow_id }) =>
    isTarget(on_end_flow_id) ? [{ kind: 'flow', path: 'on_end_flow_id', id: on_end_flow_id }] : [],
  begin(moment, { language, on_end_flow_id }) {
    want(moment, {
      do: 'transcribe_recordings',
      language,
      ...(isTarget(on_end_flow_id) && { on_end_flow: on_end_flow_id }),
    });
    return on();
  },
});
