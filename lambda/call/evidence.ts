/**
 * Word that comes late. Webhooks may arrive after the hang-up that they preceded; what they prove then refines the
 * outcome `abandoned` (or `failed`, by a message), and nothing else: the call stays ended.
 */
import type { Call, Voicemail } from './call.ts';
import type { Held } from './transitions.ts';

export interface Recording {
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
  if (call.outcome === 'voicemail' && addsNothing(recording, known)) return { call, agents };
  return { call: { ...call, voicemail, outcome: 'voicemail' }, agents };
}

const addsNothing = (recording: Recording, known: Voicemail): boolean =>
  (Object.keys(recording) as (keyof Recording)[]).every(field => recording[field] === known[field]);

/**
 * Late proof that a ring of a call already ended was answered. It refines `abandoned`, and an exact moment of
 * answer replaces an inferred one.
 * @param number one of those who rang, or undefined where nobody says who of a set it was
 */
export function proveConnected(call: Call, offerId: number, number: string | undefined, when?: number): Call {
  const rung = call.rings.find(ring => ring.offer === offerId);
  const news = call.outcome === 'abandoned' || (call.connected_at_inferred === true && when !== undefined);
  if (call.state !== 'ended' || !rung || !news) return call;
  const { abandoned_while: _not, connected_at_inferred: _was, ...rest } = call;
  const answered = Math.max(when ?? rung.at, rung.at);
  return {
    ...rest,
    outcome: 'connected',
    ...(number !== undefined && { agent: number }),
    connected_at: Math.min(answered, call.ended_at ?? answered),
    rings: call.rings.map(ring => (ring === rung ? { ...ring, result: 'connected' } : ring)),
    ...(when === undefined && { connected_at_inferred: true }),
  };
}
