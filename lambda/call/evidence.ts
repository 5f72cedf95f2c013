/**
 * Word that comes late. Webhooks may arrive after the hang-up that they preceded; what they prove then refines the
 * outcome `abandoned` (or `failed`, by a message), and nothing else: the call stays ended.
 */
import type { Call, Missed, Ring, Voicemail } from './call.ts';
import type { Held } from './transitions.ts';

interface Recording {
  recording_id?: string;
  url?: string;
  duration_secs?: number;
}

/**
 * Word of a recording, early (it has begun) or late (it is stored): both may come twice, in either order, and
 * after the hang-up, whose `abandoned` they then refine.
 */
export function record({ call, agents }: Held, recording: Recording, now: number): Held {
  if (call.left === undefined || call.outcome === 'overflow') return { call, agents };
  const known = call.voicemail ?? { started_at: now };
  const complete = recording.url !== undefined && (recording.duration_secs ?? 0) > 0;
  const stored = complete && known.stored_at === undefined ? { stored_at: now } : {};
  const voicemail: Voicemail = { ...known, ...recording, ...stored };
  // A flow has gone on from there, and the visit says what it came to.
  const settled = call.visits?.some(visit => visit.outcome === 'voicemail') === true;
  if ((settled || call.outcome === 'voicemail') && addsNothing(recording, known)) return { call, agents };
  return { call: { ...call, voicemail, ...(!settled && { outcome: 'voicemail' }) }, agents };
}

const addsNothing = (recording: Recording, known: Voicemail): boolean =>
  (Object.keys(recording) as (keyof Recording)[]).every(field => recording[field] === known[field]);

/**
 * Word of a ring during which the caller hung up. An answer refines `abandoned` to `connected`, answered no later
 * than we know: when it began to ring. Any other word settles that nobody answered.
 * @param number who answered, of those who rang; undefined where nobody says who of a set it was
 */
export function proveConnected(call: Call, offerId: number, number: string | undefined): Call {
  const rung = openRing(call, offerId);
  if (!rung) return call;
  const { abandoned_while: _not, ...rest } = call;
  return {
    ...rest,
    outcome: 'connected',
    ...(number !== undefined && { agent: number }),
    connected_at: rung.at,
    connected_at_inferred: true,
    rings: settled(call, rung, 'connected'),
  };
}

export function proveUnanswered(call: Call, offerId: number, result: Missed | 'cancelled'): Call {
  const rung = openRing(call, offerId);
  return rung ? { ...call, rings: settled(call, rung, result) } : call;
}

/** A caller who was called back has abandoned nothing. */
const openRing = ({ state, outcome, rings, callback }: Call, offerId: number): Ring | undefined =>
  state === 'ended' && outcome === (callback ? 'failed' : 'abandoned')
    ? rings.find(({ offer, result }) => offer === offerId && result === 'hung_up')
    : undefined;

const settled = (call: Call, rung: Ring, result: Ring['result']): Ring[] =>
  call.rings.map(ring => (ring === rung ? { ...ring, result } : ring));
