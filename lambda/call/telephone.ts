/**
 * A number as somebody types or writes it, as E.164. With a plus or `00` it is international; else it is one of the
 * country, whose own zero in front is left out.
 * @param country its code without the plus; empty: every number is international
 * @returns undefined for what is no number
 */
export function telephoneOf(given: string, country: string): string | undefined {
  const keys = given.replace(/[\s().#*-]/g, '');
  const international = keys.replace(/^00/, '+');
  const full = international.startsWith('+') ? international : `+${country}${keys.replace(/^0/, '')}`;
  return /^\+[1-9]\d{6,14}$/.test(full) ? full : undefined;
}
