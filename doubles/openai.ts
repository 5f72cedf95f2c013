/** How OpenAI turns requests away. */
import type { Desk, Refusal } from './desk.ts';
import type { Fault } from './script.ts';

const FAILED = 'The server had an error while processing your request.';

const REFUSALS: Partial<Record<Fault['kind'], Refusal>> = {
  refuse_key: problem(401, 'invalid_request_error', 'Incorrect API key provided.', 'invalid_api_key'),
  no_credit: problem(429, 'insufficient_quota', 'You exceeded your current quota.', 'insufficient_quota'),
  rate_limit: problem(429, 'requests', 'Rate limit reached for requests.', 'rate_limit_exceeded'),
  error: problem(500, 'server_error', FAILED),
};

export const refusalOf = (desk: Desk, key: string, fault: Fault | undefined): Refusal | undefined =>
  REFUSALS[desk.admits(key) ? (fault?.kind ?? 'slow') : 'refuse_key'];

export function problem(status: number, type: string, message: string, code: string | null = null): Refusal {
  return { status, body: { error: { message, type, param: null, code } } };
}

/** What comes in the middle of a stream that began well. */
export const errorInside = problem(200, 'server_error', FAILED).body;
