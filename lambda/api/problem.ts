/** Refusals as RFC 9457 problem documents: what is wrong and what to do about it, never anything internal. */

/** One place of the request and what is wrong with it. */
export interface FieldError {
  /** `queues.0`, `from`; empty for the body as a whole. */
  field: string;
  message: string;
}

const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type ProblemStatus = keyof typeof TITLES;

/** Thrown anywhere below `serve`, which makes the answer of it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly status: ProblemStatus;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;

  constructor(
    status: ProblemStatus,
    detail: string,
    { errors = [], headers = {} }: { errors?: FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }

  /** The `application/problem+json` document. */
  document() {
    return {
      type: 'about:blank',
      title: TITLES[this.status],
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
    };
  }
}

/** 400 for fields of the request; the detail repeats the first complaint so that it stands alone. */
export function invalid(errors: FieldError[]): Problem {
  const said = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new Problem(400, `Put these right and send the request again. ${said.join('; ')}.`, { errors });
}

export const notFound = (detail: string) => new Problem(404, detail);

export const conflict = (detail: string) => new Problem(409, detail);
