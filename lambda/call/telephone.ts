/**
 * Telephone numbers as people type or write them. Invariant: where it cannot be told which country a number is of, it
 * is none; somebody else would be rung.
 */
import { type Call, otherNumber } from './call.ts';
import { planOf } from './numbering-plan.ts';

/** Hardly a country's own numbers have more digits. */
const LONGEST_NATIONAL = 10;

/**
 * As E.164. It is international with a plus or what is dialled in front abroad; else it is one of the country, with or
 * without its code.
 * @param country its code without the plus; empty: a number needs a code of its own
 * @returns undefined for what is no number
 */
export function telephoneOf(given: string, country: string): string | undefined {
  const keys = given.replace(/[\s().#*-]/g, '');
  const abroad = [planOf(country).abroad, '00', '+'].find(prefix => keys.startsWith(prefix));
  if (abroad !== undefined) return full(keys.slice(abroad.length));
  return country === '' ? full(keys.length > LONGEST_NATIONAL ? keys : '') : ofCountry(keys, country);
}

/** The number of whoever is on the line, where it is one that can be called. */
export const callersTelephone = (
  call: Pick<Call, 'direction' | 'from' | 'to'>,
  country: string,
): string | undefined => telephoneOf(otherNumber(call), country);

/** The likeliest of the readings that fit. A trunk prefix and the code are never both there. */
function ofCountry(keys: string, country: string): string | undefined {
  const { trunk, national } = planOf(country);
  const own = without(country, keys);
  const likely = keys.length > LONGEST_NATIONAL ? [own, keys] : [keys, own];
  const found = [...likely, without(trunk, keys)].find(reading => national.test(reading));
  return found && full(country + found);
}

const without = (prefix: string, keys: string): string =>
  prefix !== '' && keys.startsWith(prefix) ? keys.slice(prefix.length) : '';

const full = (digits: string): string | undefined =>
  /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : undefined;
