/** A call record as people read it. Its numbers are full: who holds the API key owns the data. */
import * as z from 'zod/mini';
import {
  CALL_STATES,
  type Call,
  carrierId,
  DIAL_RESULTS,
  DIRECTIONS,
  type Dial,
  LEAVE_REASONS,
  OUTCOMES,
  RING_RESULTS,
} from '../call/call.ts';
import { isCallback } from '../call/callback.ts';
import { mainVisit } from '../call/visits.ts';
import type { SavedConversation } from '../store/conversations.ts';
import type { CallSummary, MainVisit } from '../store/reports.ts';
import type { SavedRun } from '../store/runs.ts';
import type { TranscriptRecord } from '../store/transcripts.ts';
import { callbackSchema, callbackView } from './callback-view.ts';
import {
  conversationSchema,
  conversationsView,
  departureSchema,
  departureView,
  entrySchema,
  transcriptView,
  usageSchema,
  usageView,
} from './conversation-view.ts';
import { iso, isoOrNull, named, seconds, time } from './fields.ts';
import {
  consentSchema,
  consentView,
  flowRunSchema,
  flowRunView,
  followingSchema,
  followingView,
  recordingSchema,
  recordingView,
  visitSchema,
  visitView,
} from './flow-record.ts';
import { transcriptionSchema, transcriptionView } from './transcription-view.ts';
import { voicemailSchema, voicemailView } from './voicemail-view.ts';

const secs = z.nullable(z.number());

const summaryFields = {
  call_id: z.string(),
  outcome: z.nullable(z.enum(OUTCOMES)),
  direction: z.enum(DIRECTIONS),
  from: z.string(),
  to: z.string(),
  assistant: z.nullable(z.string()).check(z.describe('Who spoke last, or shall speak')),
  queue: z.nullable(z.string()),
  began_at: time,
  joined_at: z.nullable(time),
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

const dialSchema = z.strictObject({
  queue: z.nullable(z.string()),
  flow: z.nullable(z.string()),
  requested_at: time,
  ringing_at: z.nullable(time),
  answered_at: z.nullable(time),
  result: z.nullable(z.enum(DIAL_RESULTS)),
  status: z.nullable(z.int()),
  detail: z.nullable(z.string()),
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
    voicemail: z.nullable(voicemailSchema).check(z.describe('The latest')),
    hangup_cause: z.nullable(z.string()),
    carrier_call_id: z.nullable(z.string()),
    dial: z.nullable(dialSchema),
    assisted_at: z.nullable(time).check(z.describe('When the caller first heard an assistant')),
    departure: z.nullable(departureSchema).check(z.describe('Of the latest conversation')),
    variables: z.record(z.string(), z.string()),
    conversations: z.array(conversationSchema),
    transcript: z.array(entrySchema).check(z.describe('Of all conversations, one after the other')),
    usage: z.nullable(usageSchema).check(z.describe('Of all conversations together')),
    flow: z.nullable(flowRunSchema),
    following: z.array(followingSchema),
    visits: z.array(visitSchema),
    recordings: z.array(recordingSchema),
    consent: z.nullable(consentSchema),
    transcriptions: z.array(transcriptionSchema),
    callback: z.nullable(callbackSchema),
    callback_id: z.nullable(z.string()),
  }),
);

/** What is stored beside a call. */
export interface Beside {
  conversations: SavedConversation[];
  /** Of flows that followed. */
  runs: SavedRun[];
  transcripts: TranscriptRecord[];
}

/**
 * Waiting lasts from joining a queue until an agent answers or the caller leaves it; `talked_secs`, with the agent, is
 * known when the talk has ended. All of it is of the queue that the call is in, or of its main visit.
 */
export function summaryView(call: CallSummary, now: number): z.infer<typeof summarySchema> {
  const { id, direction, from, to, ended_at } = call;
  const { queue, joined_at, connected_at, left_at, agent } = inQueue(call);
  const hasJoined = queue !== '';
  const talked = connected_at === undefined || left_at === undefined ? null : seconds(left_at - connected_at);
  return {
    call_id: id,
    outcome: call.outcome ?? null,
    direction,
    from,
    to,
    assistant: call.assistant ?? null,
    queue: hasJoined ? queue : null,
    began_at: iso(call.began_at ?? call.joined_at),
    joined_at: hasJoined ? iso(joined_at) : null,
    connected_at: isoOrNull(connected_at),
    ended_at: isoOrNull(ended_at),
    waited_secs: hasJoined ? seconds((connected_at ?? left_at ?? now) - joined_at) : 0,
    talked_secs: talked,
    agent: agent ?? null,
  };
}

const inQueue = (
  call: CallSummary,
): Omit<MainVisit, 'left_at' | 'outcome'> & { left_at?: number | undefined } =>
  call.queue === '' && call.main_visit ? call.main_visit : { ...call, left_at: call.ended_at };

export function callView(call: Call, beside: Partial<Beside>, now: number): z.infer<typeof callSchema> {
  const { conversations = [], runs = [], transcripts = [] } = beside;
  const main = mainVisit(call);
  const voicemail = call.voicemail ?? call.visits?.findLast(visit => visit.voicemail)?.voicemail;
  return {
    ...summaryView(main ? { ...call, main_visit: main } : call, now),
    state: call.state,
    priority: call.priority,
    skills: call.skills,
    rings: call.rings.map(({ agents, at, result }) => ({ agents, at: iso(at), result })),
    left: call.left ?? null,
    voicemail: voicemail ? voicemailView(voicemail) : null,
    hangup_cause: call.hangup_cause ?? null,
    carrier_call_id: call.dial || call.callback ? (call.carrier_id ?? null) : carrierId(call),
    dial: call.dial ? dialView(call.dial) : null,
    assisted_at: isoOrNull(call.assisted_at),
    departure: call.departure ? departureView(call.departure) : null,
    variables: variablesOf(call, conversations),
    conversations: conversationsView(conversations),
    transcript: transcriptView(conversations),
    usage: usageView(call, conversations),
    flow: call.flow ? flowRunView(call.flow) : null,
    following: runs.map(followingView),
    visits: (call.visits ?? []).map(visitView),
    recordings: (call.recordings ?? []).map(recordingView),
    consent: call.consent ? consentView(call.consent) : null,
    transcriptions: transcripts.map(transcriptionView),
    callback: isCallback(call) ? callbackView(call) : null,
    callback_id: call.callback_id ?? null,
  };
}

/** A flow has also those that its conversations have set. */
const variablesOf = ({ flow, variables }: Call, conversations: SavedConversation[]): Record<string, string> =>
  flow?.state.variables ?? conversations.at(-1)?.conversation.variables ?? variables ?? {};

const dialView = (dial: Dial): z.infer<typeof dialSchema> => ({
  queue: dial.queue ?? null,
  flow: dial.flow?.id ?? null,
  requested_at: iso(dial.requested_at),
  ringing_at: isoOrNull(dial.ringing_at),
  answered_at: isoOrNull(dial.answered_at),
  result: dial.result ?? null,
  status: dial.status ?? null,
  detail: dial.detail ?? null,
});
