/** How Deepgram turns requests away. */
import { randomUUID } from 'node:crypto';
import type { Desk, Refusal } from './desk.ts';
import type { Fault } from './script.ts';

const REFUSALS: Partial<Record<Fault['kind'], [status: number, code: string, message: string]>> = {
  refuse_key: [401, 'INVALID_AUTH', 'Invalid credentials.'],
  no_credit: [402, 'ASR_PAYMENT_REQUIRED', 'Project does not have enough credits for an ASR request.'],
  rate_limit: [429, 'TOO_MANY_REQUESTS', 'Too many requests. Please try again later.'],
  error: [500, 'INTERNAL_SERVER_ERROR', 'Something went wrong.'],
};

export function refusalOf(desk: Desk, key: string, fault: Fault | undefined): Refusal | undefined {
  const refusal = REFUSALS[desk.admits(key) ? (fault?.kind ?? 'slow') : 'refuse_key'];
  return refusal && problem(...refusal);
}

export function problem(status: number, err_code: string, err_msg: string): Refusal {
  return { status, body: { err_code, err_msg, request_id: randomUUID() } };
}
