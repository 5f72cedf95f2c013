import * as z from 'zod/mini';
import { action } from '../action.ts';
import { isDeclined } from '../consent.ts';
import { endRecording } from '../ending.ts';
import type { EventOf } from '../event.ts';
import { isTarget } from '../flow.ts';
import { fail, type Moment, type Next, on, waitFor } from '../moment.ts';
import { anyText, flag, whole } from '../options.ts';
import { answered } from '../sound.ts';
import { setResult } from '../variables.ts';

const LONGEST_SECS = 3600;
const END_KEYS = { none: '', any: '1234567890*#', '*': '*', '#': '#' } as const;

const option = z.strictObject({
  format: z._default(z.enum(['mp3', 'wav'], 'must be "mp3" or "wav": Vobiz records nothing else'), 'mp3'),
  end_of_silence: z._default(whole(0, 600), 0),
  end_of_key: z._default(z.enum(['', 'none', 'any', '*', '#']), 'none'),
  duration: z._default(whole(0, LONGEST_SECS), 0),
  beep_start: flag,
  on_end_flow_id: z.optional(anyText(128)),
  wait: z.optional(z.boolean()),
});
type Option = z.output<typeof option>;

export const recordingStart = action({
  type: 'recording_start',
  does: 'With end_of_silence, end_of_key or duration it takes a message: the caller speaks until then, and the flow goes on afterwards; recording.duration and recording.ended_by tell what is known of it. Without any of them it records the call from there on.',
  differs:
    'wait: true or false chooses between the two expressly. The format "ogg" is refused. Where recording.consent was set to anything but "yes" it does not record the call; a message is still taken.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  references: ({ on_end_flow_id }) =>
    isTarget(on_end_flow_id) ? [{ kind: 'flow', path: 'on_end_flow_id', id: on_end_flow_id }] : [],
  begin(moment, given) {
    if (moment.state.recording) return fail('the call is being recorded already');
    if (!isMessage(given) && isDeclined(moment.state))
      return fail('the caller has not agreed to be recorded');
    setResult(moment.state, { 'voipbin.recording.format': given.format });
    moment.state.recording = isTarget(given.on_end_flow_id) ? { on_end_flow: given.on_end_flow_id } : {};
    return isMessage(given) ? takeMessage(moment, given) : recordCall(moment, given);
  },
  resume(moment, _, event) {
    if (event.type !== 'recorded') return on();
    setResult(moment.state, described(event));
    endRecording(moment);
    return on(event.ended_by);
  },
});

const isMessage = ({ wait, end_of_silence, end_of_key, duration }: Option): boolean =>
  wait ?? (end_of_silence > 0 || duration > 0 || keysOf(end_of_key) !== '');

const keysOf = (key: Option['end_of_key']): string => (key === '' ? '' : END_KEYS[key]);

function takeMessage(moment: Moment, given: Option): Next {
  answered(moment, {
    verb: 'record_message',
    format: given.format,
    max_secs: given.duration || LONGEST_SECS,
    silence_secs: given.end_of_silence || LONGEST_SECS,
    end_keys: keysOf(given.end_of_key),
    beep: given.beep_start,
  });
  return waitFor('recorded');
}

function recordCall(moment: Moment, { format, beep_start }: Option): Next {
  if (beep_start) answered(moment, { verb: 'beep' });
  answered(moment, { verb: 'record_call', format });
  return on();
}

const described = ({ id, secs, ended_by }: EventOf<'recorded'>): Record<string, string> => ({
  ...(id !== undefined && { 'voipbin.recording.id': id }),
  'recording.duration': secs === undefined ? '' : String(secs),
  'recording.ended_by': ended_by ?? '',
});
