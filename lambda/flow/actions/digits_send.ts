import * as z from 'zod/mini';
import { action } from '../action.ts';
import { fail, on } from '../moment.ts';
import { text, whole } from '../options.ts';
import { sound } from '../sound.ts';

const KEYS = /^[0-9*#]{1,100}$/;
/** What the carrier's `w` waits. */
const PAUSE_MS = 500;

export const digitsSend = action({
  type: 'digits_send',
  does: 'Sends key tones, with interval rounded to half seconds between them.',
  differs:
    'The letters A to D are refused, and duration has no effect: Vobiz sends 0-9, * and # in a length of its own.',
  needs: 'call',
  onFailure: 'go_on',
  option: z.strictObject({
    digits: text(KEYS, '1 to 100 keys out of 0-9, * and #, which is what Vobiz can send'),
    duration: z.optional(whole(0, 1000)),
    interval: z._default(whole(0, 5000), 0),
  }),
  begin(moment, { digits, interval }) {
    if (!KEYS.test(digits)) return fail('the digits are no keys that Vobiz can send');
    const pause = 'w'.repeat(Math.round(interval / PAUSE_MS));
    sound(moment, { verb: 'send_digits', digits: [...digits].join(pause) });
    return on();
  },
});
