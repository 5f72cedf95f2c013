/** What a flow has done in a call, and what follows it when the call is over, as people read it. */
import * as z from 'zod/mini';
import type { Call, CallRecording } from '../call/call.ts';
import { OUTCOMES } from '../call/call.ts';
import type { FlowRun, Visit } from '../call/flow-run.ts';
import { FLOW_OUTCOMES } from '../flow/state.ts';
import type { SavedRun } from '../store/runs.ts';
import { iso, isoOrNull, named, time } from './fields.ts';
import { pathSchema, pathView, waitingView } from './flow-path.ts';
import { voicemailSchema, voicemailView } from './voicemail-view.ts';

const text = z.nullable(z.string());

const ran = {
  /** Both null for the inline actions of a call. */
  flow: text,
  version: z.nullable(z.int()),
  outcome: z.nullable(z.enum(FLOW_OUTCOMES)),
  fell_back: text,
  waiting_for: text,
  path: z.array(pathSchema),
  failures: z.array(z.strictObject({ at: time, effect: z.string(), do: z.string(), why: z.string() })),
};

export const flowRunSchema = named('FlowRun', z.strictObject(ran));

export const followingSchema = named(
  'FollowingRun',
  z.strictObject({ ...ran, began_at: time, variables: z.record(z.string(), z.string()) }),
);

export const recordingSchema = z.strictObject({
  recording_id: z.string(),
  kind: z.enum(['message', 'call']),
  began_at: time,
  url: text,
  duration_secs: z.nullable(z.number()),
  ended_by: text,
  stored_at: z.nullable(time),
});

export const consentSchema = z.strictObject({
  decision: z.string(),
  at: time,
  flow: text,
  version: z.nullable(z.int()),
  action: text,
  prompt: text,
  ended_recording: z.boolean(),
  ended_transcription: z.boolean(),
});

export const visitSchema = z.strictObject({
  queue: z.string(),
  joined_at: time,
  connected_at: z.nullable(time),
  left_at: time,
  agent: text,
  voicemail: z.nullable(voicemailSchema),
  outcome: z.enum(OUTCOMES),
});

export const flowRunView = ({
  flow,
  version,
  state,
  failures = [],
}: FlowRun): z.infer<typeof flowRunSchema> => ({
  flow: flow || null,
  version: flow ? version : null,
  outcome: state.outcome ?? null,
  fell_back: state.fell_back?.why ?? null,
  waiting_for: waitingView(state),
  path: state.path.map(pathView),
  failures: failures.map(({ at, ...failure }) => ({ at: iso(at), ...failure })),
});

export const followingView = ({ run, began_at }: SavedRun): z.infer<typeof followingSchema> => ({
  ...flowRunView(run),
  began_at: iso(began_at),
  variables: run.state.variables,
});

export const recordingView = (recording: CallRecording): z.infer<typeof recordingSchema> => ({
  recording_id: recording.id,
  kind: recording.kind,
  began_at: iso(recording.began_at),
  url: recording.url ?? null,
  duration_secs: recording.duration_secs ?? null,
  ended_by: recording.ended_by ?? null,
  stored_at: isoOrNull(recording.stored_at),
});

export const consentView = (consent: NonNullable<Call['consent']>): z.infer<typeof consentSchema> => ({
  decision: consent.decision,
  at: iso(consent.at),
  flow: consent.flow || null,
  version: consent.flow ? (consent.version ?? null) : null,
  action: consent.action ?? null,
  prompt: consent.words ?? null,
  ended_recording: consent.ended_recording ?? false,
  ended_transcription: consent.ended_transcription ?? false,
});

export const visitView = (visit: Visit): z.infer<typeof visitSchema> => ({
  queue: visit.queue,
  joined_at: iso(visit.joined_at),
  connected_at: isoOrNull(visit.connected_at),
  left_at: iso(visit.left_at),
  agent: visit.agent ?? null,
  voicemail: visit.voicemail ? voicemailView(visit.voicemail) : null,
  outcome: visit.outcome,
});
