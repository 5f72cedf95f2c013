/** Phone numbers: E.164 with the plus inside, four digits outside. */
import * as z from 'zod/mini';

export const e164 = z
  .string()
  .check(z.regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164 form, such as +919876543210'));

/** For logs and lists: all but the last four digits hidden. Anything short is hidden whole. */
export function mask(number: string): string {
  return number.length > 6 ? `…${number.slice(-4)}` : '…';
}
