import * as z from 'zod/mini';
import { action } from '../action.ts';
import type { EventOf } from '../event.ts';
import { type Moment, type Next, on, waitFor } from '../moment.ts';
import { anyText, flag, whole } from '../options.ts';
import { listen } from '../sound.ts';
import type { Wait } from '../state.ts';
import { read, setResult } from '../variables.ts';

const DIGITS = 'voipbin.call.digits';
/** The carrier's own bounds. */
const MOST_DIGITS = 32;
const WINDOW_SECS = { least: 5, most: 60 };
/** The shortest pause by which the carrier tells the end of an input. */
const PAUSE_SECS = 2;

const option = z.strictObject({
  duration: z._default(whole(0, 600_000), 5000),
  length: z.optional(whole(0, MOST_DIGITS)),
  key: z._default(anyText(16).check(z.regex(/^[0-9*#]*$/, 'must be keys out of 0-9, * and #')), ''),
  type_ahead: flag,
  pause: z.optional(whole(2, 10)),
});
type Option = z.output<typeof option>;

/**
 * The carrier knows one end key, and leaves it out of what it tells, so that a lone end key looks like silence. So an
 * input with end keys is read to the first pause, and looked through for them here.
 */
export const digitsReceive = action({
  type: 'digits_receive',
  does: 'Waits for keys and puts them into voipbin.call.digits: until there are length of them, one of the keys in key was pressed, or duration (ms) is over. Keys count while the prompts right before it play. digits.result says why it ended: length, key, pause or timeout.',
  differs:
    'The digits are cleared first, unless type_ahead. A key of key ends the input and is left out, but kept when it is alone. With key the end is noticed two seconds after the last key press. The window is at least 5 s (one of more than a minute is listened through in parts), begins when the prompts are over, and begins anew once after a pause. pause (s) ends the input after so long without a key. Without length and key one digit is read.',
  needs: 'call',
  onFailure: 'go_on',
  option,
  begin(moment, given) {
    const { state } = moment;
    const kept = given.type_ahead ? read(state.variables, DIGITS) : '';
    const early = complete(kept, given);
    if (early) return take(moment, early);
    setResult(state, { [DIGITS]: kept });
    return wait(moment, given, kept, given.duration);
  },
  resume(moment, given, event, waited) {
    return event.type === 'digits' ? heard(moment, given, event, waited) : on();
  },
});

function heard(moment: Moment, given: Option, { digits }: EventOf<'digits'>, { notes }: Wait): Next {
  const { now, state } = moment;
  const all = (read(state.variables, DIGITS) + digits).slice(0, MOST_DIGITS);
  const done = complete(all, given);
  if (done) return take(moment, done);
  const [left, over] = [Number(notes?.left ?? 0), notes?.until];
  const until = typeof over === 'number' ? over : undefined;
  if (digits === '' && left > 0) return wait(moment, given, all, left, until);
  const end = until ?? now + given.duration;
  if (digits === '' || now >= end) return take(moment, { digits: all, result: 'timeout' });
  if (given.pause !== undefined) return take(moment, { digits: all, result: 'pause' });
  setResult(state, { [DIGITS]: all });
  return wait(moment, given, all, end - now, end);
}

interface Input {
  digits: string;
  result: 'length' | 'key' | 'pause' | 'timeout';
}

function complete(digits: string, { key, ...given }: Option): Input | undefined {
  const end = [...digits].findIndex(digit => key.includes(digit));
  if (end >= 0) return { digits: end === 0 ? digits.slice(0, 1) : digits.slice(0, end), result: 'key' };
  const length = lengthOf({ key, ...given });
  return digits.length >= length ? { digits: digits.slice(0, length), result: 'length' } : undefined;
}

const lengthOf = ({ length = 0, key }: Pick<Option, 'length' | 'key'>): number =>
  length > 0 ? length : key === '' ? 1 : MOST_DIGITS;

function take({ state }: Moment, { digits, result }: Input): Next {
  setResult(state, { [DIGITS]: digits, 'digits.result': result });
  return on(result);
}

/** A window that is longer than the carrier's is listened through in parts; `left` (ms) is what comes after this one. */
function wait(moment: Moment, given: Option, kept: string, windowMs: number, until?: number): Next {
  const length = Math.max(1, lengthOf(given) - kept.length);
  const window_secs = Math.min(WINDOW_SECS.most, Math.max(WINDOW_SECS.least, Math.ceil(windowMs / 1000)));
  const left = Math.max(0, windowMs - window_secs * 1000);
  const pause = length > 1 && { pause_secs: given.pause ?? PAUSE_SECS };
  listen(moment, { length, window_secs, ...pause });
  return waitFor('digits', { notes: { ...(until !== undefined && { until }), ...(left > 0 && { left }) } });
}
