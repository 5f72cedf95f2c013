/** Fields that several resources share, and the names of schemas in the OpenAPI document. */
import * as z from 'zod/mini';
import { e164 } from '../platform/numbers.ts';

/** Schemas that the document describes once, by name. */
export const components = z.registry<{ id: string }>();

/** Give a schema its name in the document. */
export function named<S extends z.ZodMiniType>(id: string, schema: S): S {
  components.add(schema, { id });
  return schema;
}

/** A number in a path: `+` may be left out, sent as `%2B`, or have become a space on the way. */
export const numberInPath = z.pipe(
  z.pipe(
    z.string().check(z.describe('E.164; the plus may be left out')),
    z.transform(text => `+${text.trim().replace(/^\+/, '')}`),
  ),
  e164,
);

/** A name that its owner gives: a queue's id, a skill. */
export const slug = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores'));

export const text = (longest: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(longest));

export const textOrNone = (longest: number) => z.string().check(z.trim(), z.maxLength(longest));

/** A key of the telephone. */
export const key = z.string().check(z.regex(/^[0-9*#]?$/, 'must be one of 0-9, * and #, or empty for none'));

export const language = z
  .string()
  .check(
    z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en-US'),
    z.maxLength(35),
  );

export const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

/** A whole number in a query string. */
export const wholeInQuery = (least: number, most: number) =>
  z.coerce
    .number()
    .check(z.int(`must be a whole number from ${least} to ${most}`), z.minimum(least), z.maximum(most));

/**
 * A moment in a query string, epoch ms: a time with its offset, or a date, which means its beginning in UTC.
 * The plus of an offset may have become a space on the way.
 */
export const moment = z.pipe(
  z.string().check(
    z.describe('ISO 8601 with offset, or a date, which means its beginning in UTC'),
    z.refine(
      given => !Number.isNaN(momentMs(given)),
      'must be a time such as 2026-03-01T09:00:00Z, or a date such as 2026-03-01 (its beginning in UTC)',
    ),
  ),
  z.transform(momentMs),
);

function momentMs(given: string): number {
  const text = given.replace(' ', '+');
  if (z.iso.date().safeParse(text).success) return Date.parse(text);
  return z.iso.datetime({ offset: true }).safeParse(text).success ? Date.parse(text) : Number.NaN;
}

/** ISO 8601 in UTC. */
export const time = z.iso.datetime();

export const iso = (ms: number) => new Date(ms).toISOString();

export const isoOrNull = (ms: number | undefined) => (ms === undefined ? null : iso(ms));

/** Seconds with one decimal. */
export const seconds = (ms: number) => Math.round(ms / 100) / 10;

/** A flow by its id, or by its name. */
export const flowName = z
  .string()
  .check(z.minLength(1), z.maxLength(128), z.describe('The id of a flow, or its name'));

/** Where a call or a number leads: to exactly one of the three. */
export interface Target {
  queue?: string | undefined;
  assistant?: string | undefined;
  flow?: string | undefined;
}

export const target = {
  queue: z.optional(slug),
  assistant: z.optional(slug),
  flow: z.optional(flowName),
};

const given = ({ queue, assistant, flow }: Target): number =>
  [queue, assistant, flow].filter(one => one !== undefined).length;

/** Looked at whatever else is wrong, so that one answer tells everything. */
const always = { path: ['queue'], when: ({ value }: { value: unknown }) => value?.constructor === Object };

export const oneTarget = [
  z.refine<Target>(to => given(to) > 0, {
    ...always,
    error: 'is missing; name a queue, an assistant or a flow',
  }),
  z.refine<Target>(to => given(to) < 2, {
    ...always,
    error: 'cannot be given together with another target; name one queue, assistant or flow',
  }),
] as const;
