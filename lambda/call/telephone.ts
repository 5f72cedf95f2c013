/**
 * Telephone numbers as people type or write them. Invariant: where it cannot be told which country a number is of, it
 * is none; somebody else would be rung.
 */
import { type Call, otherNumber } from './call.ts';

/** Hardly a country's own numbers have more digits, without the zero in front. */
const LONGEST_NATIONAL = 10;

/**
 * As E.164. With a plus or `00`, or with the country's code and too long to be without, it is international; else it is
 * one of the country, whose own zero in front is left out.
 * @param country its code without the plus; empty: a number needs a code of its own
 * @returns undefined for what is no number
 */
export function telephoneOf(given: string, country: string): string | undefined {
  const keys = given.replace(/[\s().#*-]/g, '').replace(/^00/, '+');
  const full = keys.startsWith('+') ? keys : hasCode(keys, country) ? `+${keys}` : national(keys, country);
  return /^\+[1-9]\d{6,14}$/.test(full) ? full : undefined;
}

/** The number of whoever is on the line, where it is one that can be called. */
export const callersTelephone = (
  call: Pick<Call, 'direction' | 'from' | 'to'>,
  country: string,
): string | undefined => telephoneOf(otherNumber(call), country);

const hasCode = (keys: string, country: string): boolean =>
  keys.startsWith(country) && !keys.startsWith('0') && keys.length > LONGEST_NATIONAL;

const national = (keys: string, country: string): string =>
  country === '' ? '' : `+${country}${keys.replace(/^0/, '')}`;
