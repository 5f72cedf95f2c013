/**
 * Word that comes late. Webhooks may arrive after the hang-up that they preceded; what they prove then refines the
 * outcome `abandoned` (or `failed`, by a message), and nothing else: the call stays ended. Of a queue that a flow's
 * caller has left they refine the visit, and the outcome of the call, if it has ended, is taken anew from all it met.
 */
import type { Call, Missed, Ring, Voicemail } from './call.ts';
import { outcomeInFlow } from './outcome-in-flow.ts';
import type { Held } from './transitions.ts';
import { messageOf, visitNumber, withVisit } from './visits.ts';

interface Recording {
  recording_id?: string;
  url?: string;
  duration_secs?: number;
}

/**
 * Word of a recording, early (it has begun) or late (it is stored): both may come twice, in either order, and
 * after the hang-up, whose `abandoned` they then refine.
 * @param visit in which of the call's queues the message was left
 */
export function record({ call, agents }: Held, recording: Recording, now: number, visit = 1): Held {
  const left = call.visits?.[visit - 1];
  if (left) {
    const voicemail = withWord(left.voicemail, recording, now);
    const isNews = voicemail !== left.voicemail || left.outcome === 'abandoned';
    const after = withVisit(call, visit, { ...left, voicemail, outcome: 'voicemail' });
    return { call: isNews ? refined(after) : call, agents };
  }
  if (call.left === undefined || call.outcome === 'overflow' || visit !== visitNumber(call))
    return { call, agents };
  const voicemail = withWord(call.voicemail, recording, now);
  if (call.outcome === 'voicemail' && voicemail === call.voicemail) return { call, agents };
  return { call: { ...call, voicemail, outcome: 'voicemail' }, agents };
}

/** The queue's webhook has taken the news of the message. */
export function noteNotified({ call, agents }: Held, now: number, visit: number): Held {
  const voicemail = messageOf(call, visit)?.voicemail;
  if (!voicemail) return { call, agents };
  const told = { voicemail: { ...voicemail, notified_at: now } };
  const left = call.visits?.[visit - 1];
  return { call: left ? withVisit(call, visit, { ...left, ...told }) : { ...call, ...told }, agents };
}

function withWord(known: Voicemail | undefined, recording: Recording, now: number): Voicemail {
  if (known && addsNothing(recording, known)) return known;
  const before = known ?? { started_at: now };
  const complete = recording.url !== undefined && (recording.duration_secs ?? 0) > 0;
  const stored = complete && before.stored_at === undefined ? { stored_at: now } : {};
  return { ...before, ...recording, ...stored };
}

const addsNothing = (recording: Recording, known: Voicemail): boolean =>
  (Object.keys(recording) as (keyof Recording)[]).every(field => recording[field] === known[field]);

/** Somebody has answered the bridge of the flow's step `at`. Word of an earlier bridge is old. */
export function proveBridged(call: Call, at: number, by: string | undefined, now: number): Call {
  const { flow } = call;
  if (!flow || (flow.bridged && flow.bridged.at >= at)) return call;
  const bridged = { at, since: now, ...(by !== undefined && { by }) };
  return refined({ ...call, flow: { ...flow, bridged } });
}

/** To be asked whenever more is known of what a flow's caller has met: the outcome of a call that is over. */
export function refined(call: Call): Call {
  if (call.state !== 'ended' || !call.flow) return call;
  const outcome = outcomeInFlow(call);
  if (outcome === call.outcome) return call;
  const { abandoned_while: _, ...rest } = call;
  return { ...rest, outcome };
}

/**
 * Word of a ring during which the caller hung up. An answer refines `abandoned` to `connected`, answered no later
 * than we know: when it began to ring. Any other word settles that nobody answered.
 * @param number who answered, of those who rang; undefined where nobody says who of a set it was
 */
export function proveConnected(call: Call, offerId: number, number: string | undefined): Call {
  const rung = openRing(call, offerId);
  if (!rung) return call;
  const rings = settled(call, rung, 'connected');
  const answer = { ...(number !== undefined && { agent: number }), connected_at: rung.at };
  const left = lastVisit(call);
  if (left)
    return refined({
      ...withVisit(call, visitNumber(call) - 1, { ...left, ...answer, outcome: 'connected' }),
      rings,
    });
  const { abandoned_while: _not, ...rest } = call;
  return { ...rest, outcome: 'connected', ...answer, connected_at_inferred: true, rings };
}

export function proveUnanswered(call: Call, offerId: number, result: Missed | 'cancelled'): Call {
  const rung = openRing(call, offerId);
  return rung ? { ...call, rings: settled(call, rung, result) } : call;
}

/** A caller who was called back has abandoned nothing. */
function openRing(call: Call, offerId: number): Ring | undefined {
  const outcome = lastVisit(call)?.outcome ?? call.outcome;
  if (call.state !== 'ended' || outcome !== (call.callback ? 'failed' : 'abandoned')) return undefined;
  return call.rings.find(({ offer, result }) => offer === offerId && result === 'hung_up');
}

/** Where the caller was last, unless in a queue that is none of a flow's. */
const lastVisit = ({ visits = [] }: Call) => visits.at(-1);

const settled = (call: Call, rung: Ring, result: Ring['result']): Ring[] =>
  call.rings.map(ring => (ring === rung ? { ...ring, result } : ring));
