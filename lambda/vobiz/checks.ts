/**
 * What types cannot say about an element's values. Each check throws an Error that names the element, the
 * attribute and what is allowed: a document that breaks one would be dropped by the carrier without a reason.
 */
import type { Headers } from './attributes.ts';

export function wholeNumber(what: string, value: number | undefined, least: number, most = Infinity): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most)) return;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Error(`${what} must be a whole number ${range}, not ${value}.`);
}

export function wholeNumberOrAuto(
  what: string,
  value: number | 'auto' | undefined,
  least: number,
  most: number,
) {
  if (value !== 'auto') wholeNumber(what, value, least, most);
}

export function pattern(what: string, value: string | undefined, allowed: RegExp, meaning: string): void {
  if (value !== undefined && !allowed.test(value)) throw new Error(`${what} must be ${meaning}.`);
}

/** Absolute, without white space, of one of the schemes. The value is not quoted: it may carry a signature. */
export function url(what: string, value: string | undefined, ...schemes: string[]): void {
  if (value === undefined) return;
  const scheme = /^([a-z]+):\/\/[^\s/?#]\S*$/i.exec(value)?.[1]?.toLowerCase();
  if (!scheme || !schemes.includes(scheme))
    throw new Error(`${what} must be an absolute URL with ${schemes.join(' or ')}.`);
}

export function webUrl(what: string, value: string | undefined): void {
  url(what, value, 'https', 'http');
}

/** `key=value,key=value`, as the carrier writes header sets in one attribute. */
export function headerList(
  what: string,
  headers: Headers | undefined,
  longest = Infinity,
): string | undefined {
  if (headers === undefined) return undefined;
  const entries = Object.entries(headers);
  for (const [key, value] of entries)
    if (!/^[A-Za-z0-9-]+$/.test(key) || !/^[A-Za-z0-9]+$/.test(value))
      throw new Error(`${what} may hold letters and digits only (and hyphens in names): see "${key}".`);
  const list = entries.map(([key, value]) => `${key}=${value}`).join();
  if (list.length > longest) throw new Error(`${what} must not exceed ${longest} bytes.`);
  return list;
}
