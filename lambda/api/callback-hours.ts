/** When a queue's callers may be called back. */
import * as z from 'zod/mini';
import { isTimeZone } from '../flow/hours.ts';
import { whole } from './fields.ts';

const MIDNIGHT = '00:00';
const END_OF_DAY = '24:00';
/** Of which each date is one in some year. */
const LEAP_YEAR = '2024';

const from = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:30'));

const to = z
  .string()
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 18:00, at most 24:00'));

const NO_DATE = 'must be a date such as 2026-12-25, or 12-25 for every year';

const holiday = z
  .string()
  .check(z.regex(/^(\d{4}-)?\d{2}-\d{2}$/, { error: NO_DATE, abort: true }), z.refine(isDate, NO_DATE));

export const callbackHours = z
  .strictObject({
    timezone: z
      .string()
      .check(
        z.maxLength(64),
        z.refine(isTimeZone, 'must be a time zone such as Europe/Berlin or Asia/Kolkata'),
      ),
    weekdays: z.array(whole(0, 6)).check(z.maxLength(7)),
    from: z.optional(from),
    to: z.optional(to),
    holidays: z.array(holiday).check(z.maxLength(400)),
  })
  .check(
    z.refine(({ from = MIDNIGHT, to = END_OF_DAY }) => from !== to, {
      path: ['to'],
      error:
        'must differ from "from", which is 00:00 where it is not given; for the whole day leave out both',
    }),
  );

/** @param text `YYYY-MM-DD` or `MM-DD` */
function isDate(text: string): boolean {
  const full = text.length === 5 ? `${LEAP_YEAR}-${text}` : text;
  const day = new Date(`${full}T00:00:00Z`);
  // The thirtieth of February is taken for a day in March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(full);
}
