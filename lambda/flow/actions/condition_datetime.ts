import * as z from 'zod/mini';
import { action, named } from '../action.ts';
import { DATE, isOpen, isTimeZone } from '../hours.ts';
import { fail, on, to } from '../moment.ts';
import { anyText, COMPARISONS, hasVariable, id, text, whole } from '../options.ts';

const timeOfDay = text(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as 09:30');
const holiday = text(DATE, 'a date such as 2026-12-25, or 12-25 for every year');

const option = z.strictObject({
  condition: z._default(z.enum(COMPARISONS), '=='),
  minute: z._default(whole(-1, 59), -1),
  hour: z._default(whole(-1, 23), -1),
  day: z._default(whole(-1, 31), -1),
  month: z._default(whole(-1, 12), 0),
  weekdays: z._default(z.array(whole(0, 6)).check(z.maxLength(7)), []),
  timezone: z._default(
    anyText(64).check(
      z.refine(
        given => hasVariable(given) || isTimeZone(given),
        'must be a time zone such as Europe/Berlin or Asia/Kolkata',
      ),
    ),
    'UTC',
  ),
  from: z.optional(timeOfDay),
  to: z.optional(timeOfDay),
  holidays: z._default(z.array(holiday).check(z.maxLength(400)), []),
  false_target_id: id,
});

export const conditionDatetime = action({
  type: 'condition_datetime',
  does: 'Goes on if the present time compares with the one given as the condition says, on one of the weekdays (Sunday is 0) and on no holiday; else to false_target_id. from and to, as HH:MM, are a range of the day, which may pass midnight.',
  differs:
    'The time now stands on the left: ">=" 9:30 means half past nine or later. Hour and minute compare as one time, month and day as one date; a part that is left out counts for nothing. timezone, from, to and holidays are ours; without timezone it is UTC.',
  needs: 'nothing',
  onFailure: 'go_on',
  option,
  targets: ({ false_target_id }) => named({ false_target_id }),
  begin({ now }, { false_target_id, ...hours }) {
    if (!isTimeZone(hours.timezone)) return fail('option.timezone: is no time zone');
    return isOpen(hours, now) ? on() : to(false_target_id);
  },
});
