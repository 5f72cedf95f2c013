/**
 * One operation of the App API: what it takes, what it answers, and how. The same schemas check the request and
 * make the OpenAPI document, so the two cannot disagree.
 */
import * as z from 'zod/mini';
import type { Context } from '../app/context.ts';
import { type Complaint, complaintsOf, inWords } from '../platform/complaints.ts';
import { invalid, type ProblemStatus } from './problem.ts';
import type { BodyLimits } from './request.ts';

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
  /** In bytes, where it is not what every request may have. */
  largestBody?: number;
  /** A request without one counts as one with `{}`. */
  bodyMayMiss?: boolean;
}

/** What `operation` is given. A part that is left out takes nothing: any field in it is refused. */
interface Definition<P extends Shape, Q extends Shape, B extends Shape> extends Description {
  path?: P;
  query?: Q;
  body?: B;
  /** Looks the body through in place of its schema, which then only describes it. */
  problemsOf?(body: unknown): Complaint[];
  handle(context: Context, input: Input<z.infer<P>, z.infer<Q>, z.infer<B>>): Promise<Answer>;
}

export interface Operation extends Description {
  path?: Shape;
  query?: Shape;
  body?: Shape;
  /** Check the input, then handle it. `body` is asked for only where the operation takes one. */
  run(
    context: Context,
    raw: { path: unknown; query: unknown; body(limits?: BodyLimits): unknown },
  ): Promise<Answer>;
}

type Nothing = z.ZodMiniObject<Record<string, never>>;
const nothing = z.strictObject({});

export function operation<P extends Shape = Nothing, Q extends Shape = Nothing, B extends Shape = Nothing>(
  definition: Definition<P, Q, B>,
): Operation {
  const { path = nothing, query = nothing, body, largestBody, bodyMayMiss } = definition;
  const checked = (given: unknown): unknown => {
    if (!definition.problemsOf) return body && check(body, given);
    const problems = definition.problemsOf(given);
    if (problems.length > 0) throw invalid(problems);
    return given;
  };
  return {
    ...definition,
    run: (context, raw) =>
      definition.handle(context, {
        path: check(path, raw.path) as z.infer<P>,
        query: check(query, raw.query) as z.infer<Q>,
        body: (body && checked(raw.body({ largest: largestBody, mayMiss: bodyMayMiss }))) as z.infer<B>,
      }),
  };
}

function check(schema: Shape, value: unknown): unknown {
  const parsed = schema.safeParse(value, { error: inWords });
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.flatMap(issue => complaintsOf(issue)));
}
