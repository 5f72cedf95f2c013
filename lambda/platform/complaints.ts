/** What is wrong with what somebody sent, in words that say how to put it right. */
import type * as z from 'zod/mini';

/** One place and what is wrong with it. */
export interface Complaint {
  /** `queues.0`, `from`; empty for the whole. */
  field: string;
  message: string;
}

type PlaceOf = (path: readonly PropertyKey[]) => string;

const dotted: PlaceOf = path => path.join('.');

/** One complaint for each field; an unknown field is named as the field that it is. */
export function complaintsOf(issue: z.core.$ZodIssue, placeOf: PlaceOf = dotted): Complaint[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: placeOf(issue.path), message: issue.message }];
  return issue.keys.map(key => ({
    field: placeOf([...issue.path, key]),
    message: 'is not known here; leave it out, or correct its spelling',
  }));
}

/**
 * Whether a schema can be asked about it: the library compares whatever is called `length` with a number, and throws
 * where that has no value to compare.
 */
export function canBeRead(given: unknown): boolean {
  let level: unknown[] = [given];
  while (level.length > 0) {
    const objects = level.filter(one => typeof one === 'object' && one !== null) as Record<string, unknown>[];
    if (objects.some(one => !compares(one.length))) return false;
    level = objects.flatMap(one => Object.values(one));
  }
  return true;
}

function compares(length: unknown): boolean {
  try {
    return typeof Number(length) === 'number';
  } catch {
    return false;
  }
}

/** For `safeParse`: what a schema does not say in its own words. */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `${issue.input === undefined ? 'is missing; it ' : ''}must be ${NAMES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(value => JSON.stringify(value)).join(', ')}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_small':
      return `must ${bound(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
    default:
      return undefined;
  }
}

const NAMES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
};

function bound(origin: string, word: string, limit: number | bigint): string {
  const plural = Number(limit) !== 1;
  if (origin === 'string') return `have ${word} ${limit} character${plural ? 's' : ''}`;
  if (origin === 'array') return `have ${word} ${limit} ${plural ? 'entries' : 'entry'}`;
  return `be ${word} ${limit}`;
}
