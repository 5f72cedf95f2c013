/**
 * A scenario: who calls whom and when, how the phones behave, which agents should be there, and how it must
 * end. Read from YAML or JSON; a mistake is reported with its place and what is allowed there.
 */
import { z } from 'zod';

export class ScenarioError extends Error {}

export const OUTCOMES = ['bridged', 'voicemail', 'abandoned', 'ended', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A telephone number with its country code; the `+` is optional. */
export const E164 = z
  .string('must be a telephone number in quotes, such as "+919876543210"')
  .regex(/^\+?[1-9]\d{6,14}$/, 'must be a telephone number such as +919876543210');
const range = z.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])]);
const KINDS = [
  'answered',
  'says',
  'plays',
  'waits',
  'rings',
  'phone',
  'bridged',
  'records',
  'recorded',
  'streams',
  'unstreamed',
  'listens',
] as const;

const cue = {
  hearing: z.string().optional(),
  on: z.enum(KINDS).optional(),
  times: z.number().int().min(1).optional(),
  after: range.optional(),
};

export const DIGITS = z.string().regex(/^[\d*#]+$/, 'must be keys of a telephone: digits, * and #');

/** Something said on a stream; see voice/says.ts. */
export const SAY = z.strictObject({
  text: z.string().optional(),
  wav: z.string().optional(),
  presses: DIGITS.optional(),
  hangsUp: z.boolean().optional(),
  hearing: z.string().optional(),
  quiet: z.number().min(0).optional(),
  interrupts: z.number().min(0).optional(),
  after: range.optional(),
});

/** What somebody on the line does. */
const acts = {
  hangsUp: z.strictObject(cue).optional(),
  presses: z.array(z.strictObject({ digits: DIGITS, ...cue })).optional(),
  says: z.array(SAY).optional(),
  leavesMessage: range.optional(),
};

const caller = z.strictObject({
  from: E164.default('+919811000001'),
  to: E164.default('+918071234567'),
  /** So many callers like this; their numbers count up. */
  count: z.number().int().min(1).max(500).default(1),
  startsAfter: range.default(0),
  /** Keeps both sides of the streams. */
  taped: z.boolean().optional(),
  ...acts,
});

const manner = z.strictObject({
  does: z.enum(['answer', 'voicemail', 'busy', 'reject', 'fail', 'ignore']),
  after: range.optional(),
  talks: z.union([range, z.literal('forever')]).optional(),
  hangsUp: z.enum(['agent', 'caller']).optional(),
  presses: z.string().optional(),
  /** To the caller, once they talk. */
  says: z.array(z.strictObject({ text: z.string(), after: range.optional() })).optional(),
  /** Whoever is reached by a call that the application places. */
  acts: z.strictObject(acts).optional(),
  misses: z.number().min(0).max(1).optional(),
});

const outcomes = z.union([z.enum(OUTCOMES), z.array(z.enum(OUTCOMES)).min(1)]);
const words = z.union([z.string(), z.array(z.string())]);

const expectation = z.strictObject({
  outcome: outcomes.optional(),
  with: E164.optional(),
  heard: words.optional(),
});

export const SCENARIO = z.strictObject({
  about: z.string().default(''),
  seed: z.number().int().default(1),
  speed: z.number().positive().max(1000).optional(),
  callers: z
    .array(caller)
    .min(1)
    .default([caller.parse({})]),
  phones: z.record(z.string(), z.union([manner, z.array(manner).min(1)])).default({}),
  /** Exactly these agents are available while the scenario runs; absent: whoever is. */
  agents: z
    .array(z.strictObject({ number: E164, name: z.string(), queues: z.array(z.string()).optional() }))
    .optional(),
  /** Of the callers. */
  expect: expectation.default({}),
  /** Of the calls that the application places meanwhile, in order; the scenario ends when they are over too. */
  placed: z.array(expectation).default([]),
});

export type Scenario = z.infer<typeof SCENARIO>;

/** Checks a scenario; throws `ScenarioError` with every mistake in it. */
export const scenarioFrom = (input: unknown): Scenario => check(SCENARIO, input, 'The scenario');

/** @param what is checked, for whoever must mend it */
export function check<T extends z.ZodType>(schema: T, input: unknown, what: string): z.infer<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(
    ({ path, message }) => `  ${path.join('.') || what.toLowerCase().replace('the ', '')}: ${message}`,
  );
  throw new ScenarioError(`${what} has mistakes:\n${mistakes.join('\n')}`);
}
