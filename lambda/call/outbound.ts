/**
 * A call that we place, until somebody answers. Pure; a move that does not fit the call's state changes nothing, but
 * for the CallUUID, which the first word of the carrier tells, whatever has become of the call meanwhile.
 */
import type { Call } from './call.ts';
import * as deadlines from './deadlines.ts';
import { end } from './end.ts';
import type { Dialled } from './flow-run.ts';
import { type Held, newCall } from './transitions.ts';

export interface Order {
  /** Our own, not the carrier's. */
  id: string;
  from: string;
  to: string;
  /** Who meets the person who answers: one of the three. */
  assistant?: string;
  queue?: string;
  flow?: Dialled;
  /** How many calls were placed one by the other before this one (0). */
  depth?: number;
  /** The first of those. */
  root?: string;
  /** What follows the flow, and its version, if nobody ever meets it. */
  on_complete?: { flow: string; version: number };
  variables?: Record<string, string>;
  ring_timeout_secs: number;
}

/** Stored before the carrier is asked, so that no phone rings that nobody knows of. */
export function place(order: Order, now: number): Call {
  const { id, from, to, assistant, queue, flow, depth = 0, root, on_complete, variables } = order;
  return {
    ...newCall({ id, from, to, direction: 'outbound' }, now),
    state: 'dialing',
    ...(assistant !== undefined && { assistant }),
    ...(variables !== undefined && { variables }),
    dial: {
      requested_at: now,
      ...(queue !== undefined && { queue }),
      ...(flow !== undefined && { flow }),
      ...(depth > 0 && { depth }),
      ...(root !== undefined && { root }),
      ...(on_complete !== undefined && { on_complete }),
    },
    began_at: now,
    deadline: deadlines.dialing(order.ring_timeout_secs, now),
  };
}

/** The carrier has named the call. */
export function named({ call, agents }: Held, carrierId: string | undefined): Held {
  if (carrierId === undefined || call.carrier_id !== undefined || carrierId === call.id)
    return { call, agents };
  return { call: { ...call, carrier_id: carrierId }, agents };
}

export function rang({ call, agents }: Held, now: number): Held {
  if (call.state !== 'dialing' || !call.dial || call.dial.ringing_at !== undefined) return { call, agents };
  return { call: { ...call, dial: { ...call.dial, ringing_at: now } }, agents };
}

/** Somebody has answered who is to speak with the assistant; with a queue or a flow, the move there follows. */
export function answered({ call, agents }: Held, now: number): Held {
  if (call.state !== 'dialing' || !call.dial) return { call, agents };
  const dial = { ...call.dial, answered_at: now, result: 'answered' } as const;
  if (call.assistant === undefined) return { call: { ...call, dial }, agents };
  return { call: { ...call, dial, state: 'assisted', deadline: deadlines.talk(now) }, agents };
}

export interface Refusal {
  /** HTTP status; absent where the carrier was not asked at all. */
  status?: number;
  detail: string;
}

/** The carrier will not place this call. */
export function refused({ call, agents }: Held, refusal: Refusal, now: number): Held {
  if (call.state !== 'dialing' || !call.dial) return { call, agents };
  const dial = { ...call.dial, ...refusal, result: 'refused' } as const;
  return { call: { ...end({ ...call, dial }, now), outcome: 'failed' }, agents };
}
