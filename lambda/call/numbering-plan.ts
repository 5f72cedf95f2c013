/** How numbers are dialled in a country. What differs from the usual is known of those where a mistake would ring somebody else. */

export interface NumberingPlan {
  /** In front of the numbers of other countries, beside `00`. */
  abroad: string;
  /** In front of the country's own numbers, and no part of them. */
  trunk: string;
  /** Its own numbers, without that. */
  national: RegExp;
}

const USUAL: NumberingPlan = { abroad: '00', trunk: '0', national: /^[1-9]\d{4,11}$/ };

const digits = (count: number) => new RegExp(`^[1-9]\\d{${count - 1}}$`);

/** By country code. */
const PLANS: Readonly<Record<string, Partial<NumberingPlan>>> = {
  '1': { abroad: '011', trunk: '1', national: /^[2-9]\d{9}$/ },
  '7': { abroad: '810', trunk: '8', national: digits(10) },
  '33': { national: digits(9) },
  '34': { trunk: '', national: digits(9) },
  '36': { trunk: '06' },
  '39': { trunk: '', national: /^[03]\d{5,10}$/ },
  '61': { abroad: '0011', national: digits(9) },
  '65': { trunk: '', national: digits(8) },
  '81': { abroad: '010' },
  '91': { national: digits(10) },
  '971': { national: /^[2-9]\d{7,8}$/ },
};

export const planOf = (country: string): NumberingPlan => ({ ...USUAL, ...PLANS[country] });

/** The code of a number in E.164, without the plus; empty for anything else. */
export const countryOf = (telephone: string): string => COUNTRY.exec(telephone)?.[1] ?? '';

/** Those of one and two digits; the rest have three. */
const COUNTRY = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
