/**
 * Fields that the options of several actions share. Any text may hold `${...}`, so what it must look like is asked of
 * text without one only. A caller may say or press what looks like a variable, so an action that cannot do without the
 * form asks again.
 */
import * as z from 'zod/mini';

export const hasVariable = (text: string): boolean => /\$\{.*?\}/.test(text);

/** Text of that form, or with a variable in it. */
export function text(form: RegExp, meaning: string) {
  return z.string().check(
    z.maxLength(2000),
    z.refine(given => hasVariable(given) || form.test(given), `must be ${meaning}`),
  );
}

export const anyText = (longest: number) => z.string().check(z.maxLength(longest));

export const id = z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(128));

const SLUG = 'an id: 1 to 64 letters, digits, hyphens or underscores';

/** Of a queue or an assistant, which can have no other. */
export const slug = text(/^[A-Za-z0-9_-]{1,64}$/, SLUG);
export const slugOrNone = text(/^[A-Za-z0-9_-]{0,64}$/, SLUG);

/** The id of an action of this flow, or of one that runs it. */
export const target = z.optional(anyText(128));

export const whole = (least: number, most: number) => z.int().check(z.minimum(least), z.maximum(most));

export const flag = z._default(z.boolean(), false);

export const WEB_URL = /^https?:\/\/[^\s/?#]\S*$/i;

export const webUrl = z.string().check(
  z.maxLength(2000),
  z.refine(
    given => (hasVariable(given) ? !/\s/.test(given.replace(/\$\{.*?\}/g, '')) : WEB_URL.test(given)),
    'must be an absolute URL that starts with https:// and has no blanks in it',
  ),
);

export const language = text(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag such as en-US');

export const address = z.strictObject({
  type: anyText(32),
  target: anyText(500),
  target_name: z.optional(anyText(500)),
  name: z.optional(anyText(500)),
  detail: z.optional(anyText(500)),
});

export const NUMBER = /^\+?[1-9]\d{2,14}$/;

/** Vobiz shows a number of the account, always. */
export const anonymous = z.optional(
  z.enum(['no', 'auto'], 'must be "no" or "auto": Vobiz always shows a number of the account'),
);

export const COMPARISONS = ['==', '!=', '>', '>=', '<', '<='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `order`: negative, zero or positive, as the left side is less than, equal to or more than the right one. */
export function holds(order: number, comparison: Comparison): boolean {
  switch (comparison) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
  }
}
