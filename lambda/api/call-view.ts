/** A call record as people read it. Its numbers are full: who holds the API key owns the data. */
import * as z from 'zod/mini';
import { CALL_STATES, type Call, DIRECTIONS, LEAVE_REASONS, OUTCOMES, RING_RESULTS } from '../call/call.ts';
import type { CallSummary } from '../store/reports.ts';
import { iso, isoOrNull, named, seconds, time } from './fields.ts';

const secs = z.nullable(z.number());

const summaryFields = {
  call_id: z.string(),
  outcome: z.nullable(z.enum(OUTCOMES)),
  direction: z.enum(DIRECTIONS),
  from: z.string(),
  to: z.string(),
  queue: z.string(),
  joined_at: time,
  connected_at: z.nullable(time),
  ended_at: z.nullable(time),
  waited_secs: z.number(),
  talked_secs: secs,
  agent: z.nullable(z.string()),
};

export const summarySchema = named('CallSummary', z.strictObject(summaryFields));

const ringSchema = z.strictObject({
  agents: z.array(z.string()),
  at: time,
  result: z.enum(RING_RESULTS),
});

const voicemailSchema = z.strictObject({
  recording_id: z.nullable(z.string()),
  url: z.nullable(z.string()),
  duration_secs: secs,
  started_at: time,
  stored_at: z.nullable(time),
});

export const callSchema = named(
  'Call',
  z.strictObject({
    ...summaryFields,
    state: z.enum(CALL_STATES),
    priority: z.int(),
    skills: z.array(z.string()),
    rings: z.array(ringSchema),
    left: z.nullable(z.enum(LEAVE_REASONS)),
    voicemail: z.nullable(voicemailSchema),
    hangup_cause: z.nullable(z.string()),
  }),
);

/** Waiting lasts until an agent answers or the call ends; `talked_secs` is known when it has ended. */
export function summaryView(call: CallSummary, now: number): z.infer<typeof summarySchema> {
  const { id, direction, from, to, queue, joined_at, connected_at, ended_at } = call;
  const talked =
    connected_at === undefined || ended_at === undefined ? null : seconds(ended_at - connected_at);
  return {
    call_id: id,
    outcome: call.outcome ?? null,
    direction,
    from,
    to,
    queue,
    joined_at: iso(joined_at),
    connected_at: isoOrNull(connected_at),
    ended_at: isoOrNull(ended_at),
    waited_secs: seconds((connected_at ?? ended_at ?? now) - joined_at),
    talked_secs: talked,
    agent: call.agent ?? null,
  };
}

export function callView(call: Call, now: number): z.infer<typeof callSchema> {
  return {
    ...summaryView(call, now),
    state: call.state,
    priority: call.priority,
    skills: call.skills,
    rings: call.rings.map(({ agents, at, result }) => ({ agents, at: iso(at), result })),
    left: call.left ?? null,
    voicemail: call.voicemail ? voicemailView(call.voicemail) : null,
    hangup_cause: call.hangup_cause ?? null,
  };
}

function voicemailView(voicemail: NonNullable<Call['voicemail']>): z.infer<typeof voicemailSchema> {
  return {
    recording_id: voicemail.recording_id ?? null,
    url: voicemail.url ?? null,
    duration_secs: voicemail.duration_secs ?? null,
    started_at: iso(voicemail.started_at),
    stored_at: isoOrNull(voicemail.stored_at),
  };
}
