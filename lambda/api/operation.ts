/**
 * One operation of the App API: what it takes, what it answers, and how. The same schemas check the request and
 * make the OpenAPI document, so the two cannot disagree.
 */
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { type FieldError, invalid, type ProblemStatus } from './problem.ts';

export type Shape = z.ZodMiniObject;

export interface Answer {
  status: number;
  /** Absent for 204. */
  body?: unknown;
}

interface Input<P, Q, B> {
  path: P;
  query: Q;
  body: B;
}

interface Description {
  /** `operationId` of the document. */
  id: string;
  summary: string;
  description?: string;
  /** By status, the schema of the body; `null` for an answer without one. */
  answers: Record<number, z.ZodMiniType | null>;
  /** Beside those that any request can meet. */
  problems?: ProblemStatus[];
}

/** What `operation` is given. A part that is left out takes nothing: any field in it is refused. */
interface Definition<P extends Shape, Q extends Shape, B extends Shape> extends Description {
  path?: P;
  query?: Q;
  body?: B;
  handle(context: Context, input: Input<z.infer<P>, z.infer<Q>, z.infer<B>>): Promise<Answer>;
}

export interface Operation extends Description {
  path?: Shape;
  query?: Shape;
  body?: Shape;
  /** Check the input, then handle it. `body` is asked for only where the operation takes one. */
  run(context: Context, raw: { path: unknown; query: unknown; body(): unknown }): Promise<Answer>;
}

type Nothing = z.ZodMiniObject<Record<string, never>>;
const nothing = z.strictObject({});

export function operation<P extends Shape = Nothing, Q extends Shape = Nothing, B extends Shape = Nothing>(
  definition: Definition<P, Q, B>,
): Operation {
  const { path = nothing, query = nothing, body } = definition;
  return {
    ...definition,
    run: (context, raw) =>
      definition.handle(context, {
        path: check(path, raw.path) as z.infer<P>,
        query: check(query, raw.query) as z.infer<Q>,
        body: (body && check(body, raw.body())) as z.infer<B>,
      }),
  };
}

function check(schema: Shape, value: unknown): unknown {
  const parsed = schema.safeParse(value, { error: complaint });
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap(fieldErrors));
}

/** One complaint for each field; an unknown field is named as the field that it is. */
function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const field = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
  return issue.keys.map(key => ({
    field: field === '' ? key : `${field}.${key}`,
    message: 'is not known here; leave it out, or correct its spelling',
  }));
}

/** What a schema does not say in its own words. */
function complaint(issue: z.core.$ZodRawIssue): string | undefined {
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
};

function bound(origin: string, word: string, limit: number | bigint): string {
  const plural = Number(limit) !== 1;
  if (origin === 'string') return `have ${word} ${limit} character${plural ? 's' : ''}`;
  if (origin === 'array') return `have ${word} ${limit} ${plural ? 'entries' : 'entry'}`;
  return `be ${word} ${limit}`;
}
