import * as z from 'zod/mini';
import { action } from '../action.ts';
import { on, waitFor } from '../moment.ts';
import { anyText, flag, hasVariable, language } from '../options.ts';
import { listen, sound } from '../sound.ts';
import { escapeSsml, isSsml, ssmlParts } from '../ssml.ts';
import { setResult } from '../variables.ts';

/** The carrier listens for a key at least this long after a prompt. */
const KEY_WINDOW_SECS = 5;
const LONGEST_SPOKEN = 5000;

const option = z.strictObject({
  text: anyText(LONGEST_SPOKEN).check(
    z.minLength(1, 'must not be empty'),
    z.refine(
      given => hasVariable(given) || !isSsml(given) || ssmlParts(given) !== undefined,
      'must be well-formed SSML, or text that does not begin with <speak',
    ),
  ),
  language: z._default(language, 'en-US'),
  provider: z.optional(z.enum(['', 'gcp', 'aws'])),
  voice_id: z.optional(anyText(200)),
  digits_handle: z._default(z.enum(['', 'next']), ''),
  async: flag,
});

export const talk = action({
  type: 'talk',
  does: 'Speaks text or SSML in the carrier’s own voice. With digits_handle "next" a key ends it, and the carrier listens for one for five seconds more.',
  differs:
    'Vobiz has two voices: voice_id "WOMAN" (the default) or "MAN"; other voices and provider are ignored. With async it is spoken in its turn all the same.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  escapes: { text: (value, template) => (isSsml(template) ? escapeSsml(value) : value) },
  begin(moment, { text, language, voice_id, digits_handle }) {
    const voice = voice_id === 'MAN' ? 'MAN' : 'WOMAN';
    const spoken = text.trim();
    if (spoken === '') return on();
    sound(moment, { verb: 'speak', text: spoken, language: language || 'en-US', voice });
    if (digits_handle !== 'next') return on();
    listen(moment, { length: 1, window_secs: KEY_WINDOW_SECS });
    return waitFor('digits');
  },
  resume({ state }, _, event) {
    if (event.type === 'digits' && event.digits !== '')
      setResult(state, { 'voipbin.call.digits': event.digits });
    return on();
  },
});
