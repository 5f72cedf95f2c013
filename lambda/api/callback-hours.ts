/** When a queue's callers may be called back. */
import * as z from 'zod/mini';
import { isTimeZone } from '../flow/hours.ts';
import { whole } from './fields.ts';

const timeOfDay = z
  .string()
  .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 09:30'));

const holiday = z
  .string()
  .check(z.regex(/^(\d{4}-)?\d{2}-\d{2}$/, 'must be a date such as 2026-12-25, or 12-25 for every year'));

export const callbackHours = z.strictObject({
  timezone: z
    .string()
    .check(
      z.maxLength(64),
      z.refine(isTimeZone, 'must be a time zone such as Europe/Berlin or Asia/Kolkata'),
    ),
  weekdays: z.array(whole(0, 6)).check(z.maxLength(7)),
  from: z.optional(timeOfDay),
  to: z.optional(timeOfDay),
  holidays: z.array(holiday).check(z.maxLength(400)),
});
