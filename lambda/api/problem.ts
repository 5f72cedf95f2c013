/** Refusals of the App API: what is wrong and what to do about it, never anything internal. */
import type { Complaint } from '../platform/complaints.ts';
import type { ProblemStatus as AnyStatus } from '../platform/problem.ts';

/** A key that does not fit is refused before a request comes here. */
export type ProblemStatus = Exclude<AnyStatus, 403>;

/** Thrown anywhere below `serve`, which makes the answer of it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: ProblemStatus;
  readonly errors: Complaint[];
  readonly headers: Record<string, string>;

  constructor(
    status: ProblemStatus,
    detail: string,
    { errors = [], headers = {} }: { errors?: Complaint[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  /** Further members of the document. */
  get members() {
    return this.errors.length > 0 ? { errors: this.errors } : {};
  }
}

/** 400 for fields of the request; the detail repeats the first complaint so that it stands alone. */
export function invalid(errors: Complaint[]): Problem {
  const said = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new Problem(400, `Put these right and send the request again. ${said.join('; ')}.`, { errors });
}

export const notFound = (detail: string) => new Problem(404, detail);

export const conflict = (detail: string) => new Problem(409, detail);
