/** The path that a flow has taken, as people read it. */
import * as z from 'zod/mini';
import type { FlowState, Visited } from '../flow/state.ts';
import { iso, time } from './fields.ts';

/** `flow` is null for actions that stand in no stored flow; `action` is an id, else a place in the list. */
export const pathSchema = z.strictObject({
  at: time,
  flow: z.nullable(z.string()),
  action: z.string(),
  type: z.string(),
  result: z.nullable(z.string()),
});

export const pathView = ({ at, flow, action, type, result }: Visited): z.infer<typeof pathSchema> => ({
  at: iso(at),
  flow: flow || null,
  action,
  type,
  result: result ?? null,
});

/** The event that the flow waits for; null when it is over. */
export const waitingView = ({ wait }: FlowState): string | null => wait?.for ?? null;
