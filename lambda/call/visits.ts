/**
 * The queues that a flow's caller has been in. Pure. Each is a visit, a record of its own in lists and metrics, from
 * the moment in which the caller leaves it, back into the flow or by the end of the call; only late word of it changes
 * a visit afterwards.
 */
import type { Call, Outcome, Voicemail } from './call.ts';
import type { Visit } from './flow-run.ts';

/** Of the queue that the call is in, or will be in next: 1 for the first. */
export const visitNumber = ({ visits = [] }: Pick<Call, 'visits'>): number => visits.length + 1;

/** The call is in no queue any more, and a visit tells what it came to there. */
export function outOfQueue(call: Call, outcome: Outcome, now: number): Call {
  if (call.queue === '') return call;
  const { connected_at, agent, voicemail, offer: _, outcome: __, cycle_began_at: ___, ...rest } = call;
  const { connected_at_inferred: ____, ...free } = rest;
  const visit = {
    queue: call.queue,
    joined_at: call.joined_at,
    ...(connected_at !== undefined && { connected_at }),
    left_at: now,
    ...(agent !== undefined && { agent }),
    ...(voicemail && { voicemail }),
    outcome,
  };
  return {
    ...free,
    queue: '',
    priority: 0,
    skills: [],
    joined_at: call.began_at ?? call.joined_at,
    cycle: 0,
    excluded: [],
    visits: [...(call.visits ?? []), visit],
  };
}

export const withVisit = (call: Call, n: number, visit: Visit): Call => ({
  ...call,
  visits: (call.visits ?? []).map((one, at) => (at === n - 1 ? visit : one)),
});

/** The one that tells most of the call: the last in which an agent has answered, else the last. */
export const mainVisit = ({ visits = [] }: Pick<Call, 'visits'>): Visit | undefined =>
  visits.findLast(({ outcome }) => outcome === 'connected') ?? visits.at(-1);

/** The message that was left with that queue, and with which. @param n see `visitNumber` */
export function messageOf(call: Call, n: number): { queue: string; voicemail: Voicemail } | undefined {
  const { queue, voicemail } = call.visits?.[n - 1] ?? (n === visitNumber(call) ? call : { queue: '' });
  return voicemail && { queue, voicemail };
}
