/** A flow in a request: VoIPBin's JSON as it is, with its id and whether it shall be a draft. */
import * as z from 'zod/mini';
import { LARGEST_FLOW } from '../flow/flow.ts';
import { besideFlow, flowFrom, type WrittenFlow } from '../flow/saved.ts';
import { writtenFlow } from '../flow/schema.ts';
import { problemsOf } from '../flow/validate.ts';
import { type Complaint, complaintsOf, inWords } from '../platform/complaints.ts';
import type { NewFlow } from '../store/flows.ts';
import { named } from './fields.ts';

/** Its own spaces and line ends are not stored. */
export const LARGEST_BODY = 4 * LARGEST_FLOW;

export const flowBody = named('NewFlow', z.extend(writtenFlow, besideFlow));

/** Everything that is wrong with it, each with its place, as in `actions[4].option.target_ids.vip`. */
export function flowProblems(body: unknown): Complaint[] {
  const form = z.safeParse(z.looseObject(besideFlow), body, { error: inWords });
  const aside = form.success ? [] : form.error.issues.flatMap(issue => complaintsOf(issue));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return aside;
  const { id: _id, draft: _draft, ...flow } = body as Record<string, unknown>;
  const problems = [...aside, ...problemsOf(flow)];
  return problems.length > 0 ? problems : tooLarge(flow);
}

function tooLarge(flow: object): Complaint[] {
  const bytes = Buffer.byteLength(JSON.stringify(flow));
  if (bytes <= LARGEST_FLOW) return [];
  return [{ field: '', message: `the flow has ${bytes} bytes; it may have ${LARGEST_FLOW}` }];
}

/** @param body in which `flowProblems` has found none */
export const flowOfBody = (id: string, body: object): NewFlow => ({ id, ...flowFrom(body as WrittenFlow) });
