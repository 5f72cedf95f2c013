import * as z from 'zod/mini';
import { action, type Reference } from '../action.ts';
import { isDeclined } from '../consent.ts';
import { isTarget } from '../flow.ts';
import { fail, on, want } from '../moment.ts';
import { anyText, hasVariable, id, language, webUrl } from '../options.ts';
import { answered } from '../sound.ts';
import { setResult } from '../variables.ts';

const TRACK = { in: 'inbound', out: 'outbound', both: 'both' } as const;

/** Signs are never heard, so a phrase of signs alone would never be found. */
const isSayable = (phrase: string): boolean => hasVariable(phrase) || /[\p{L}\p{N}]/u.test(phrase);

const keyword = z.strictObject({
  phrase: anyText(100).check(z.refine(isSayable, 'must have a letter or a digit in it')),
  webhook_url: z.optional(webUrl),
  variable: z.optional(id),
  value: z.optional(anyText(1000)),
  alert: z.optional(z.boolean()),
});

const option = z.strictObject({
  language: z._default(language, 'en-US'),
  provider: z.optional(z.enum(['', 'gcp', 'aws'])),
  direction: z._default(z.enum(['in', 'out', 'both']), 'both'),
  on_end_flow_id: z.optional(anyText(128)),
  webhook_url: z.optional(webUrl),
  keywords: z._default(z.array(keyword).check(z.maxLength(50)), []),
});

type Option = z.output<typeof option>;

function references({ on_end_flow_id, webhook_url, keywords }: Option): Reference[] {
  const address = (path: string, id: string | undefined): Reference[] =>
    id === undefined ? [] : [{ kind: 'address', path, id }];
  return [
    ...(isTarget(on_end_flow_id)
      ? [{ kind: 'flow', path: 'on_end_flow_id', id: on_end_flow_id } as const]
      : []),
    ...address('webhook_url', webhook_url),
    ...keywords.flatMap((keyword, at) => address(`keywords[${at}].webhook_url`, keyword.webhook_url)),
  ];
}

export const transcribeStart = action({
  type: 'transcribe_start',
  does: 'Transcribes the call from there on, both sides labelled, also while the caller talks to an agent. Transcripts go to webhook_url, else to TRANSCRIPT_WEBHOOK_URL; a phrase of keywords goes to its own webhook, sets a variable or counts as an alert.',
  differs:
    'provider has no effect: the deployment’s own speech recognition is used. webhook_url and keywords are ours. Where recording.consent was set to anything but "yes" nothing is transcribed.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  references,
  begin(moment, given) {
    const { state } = moment;
    if (state.transcription) return fail('the call is being transcribed already');
    if (isDeclined(state)) return fail('the caller has not agreed to be recorded');
    const track = TRACK[given.direction];
    const { language, webhook_url, keywords, on_end_flow_id } = given;
    want(moment, {
      do: 'start_transcription',
      language,
      track,
      keywords,
      ...(webhook_url !== undefined && { webhook_url }),
    });
    answered(moment, { verb: 'transcribe', track });
    setResult(state, {
      'voipbin.transcribe.language': language,
      'voipbin.transcribe.direction': given.direction,
    });
    state.transcription = isTarget(on_end_flow_id) ? { on_end_flow: on_end_flow_id } : {};
    return on();
  },
});
