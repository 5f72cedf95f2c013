/**
 * The call: one item, from the Answer webhook, or from the request to place it, to the report. A call that comes in
 * has the carrier's CallUUID as its id; one that we place has an id of our own, and learns its CallUUID later.
 *
 * Invariants: `state` only moves along `transitions.ts`; `outcome` is set once and afterwards only ever refined
 * by late evidence (`abandoned` to `connected` or `voicemail`); an agent is named in `offer.agents` or `agent`
 * exactly while that agent's own item names this call; `replies` remembers what each step was told, so that a
 * repeated webhook gets the same document; `queue` is empty until the call joins one, and counts in none until then.
 */
import type { Consent } from '../flow/state.ts';
import type { Departure, Usage } from '../voice/conversation.ts';
import type { Callback } from './callback.ts';
import type { Dialled, FlowRun, Talk, Transcription, Visit } from './flow-run.ts';

export const CALL_STATES = [
  /** We have asked the carrier to ring somebody. */
  'dialing',
  /** With an assistant. */
  'assisted',
  /** In the hands of a flow, which has not sent the caller elsewhere. */
  'in_flow',
  'greeting',
  'waiting',
  'offered',
  'connected',
  'voicemail',
  'ended',
] as const;
export type CallState = (typeof CALL_STATES)[number];

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const OUTCOMES = [
  'connected',
  'abandoned',
  'voicemail',
  'callback',
  'overflow',
  'rejected',
  'failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the caller was told at one step: enough to write the same XML again. */
export type Reply =
  | { kind: 'greet' }
  | { kind: 'hold'; position?: number; expected_wait_secs?: number }
  /** `called_back`: the one who hears it has just been called. */
  | { kind: 'dial'; offer: number; agents: string[]; called_back?: true }
  | { kind: 'go'; to: 'hold' | 'try' | 'voicemail' | 'assistant_done' | 'flow' }
  /** The document of the flow's step `at`, which the run keeps. */
  | { kind: 'flow'; at: number }
  | { kind: 'pause'; secs: number }
  /** `visit`: the queue for which the message is. */
  | { kind: 'record'; visit: number }
  /** The stream to the assistant. */
  | { kind: 'converse' }
  /** The assistant has failed: people take over. */
  | { kind: 'apologise'; because: 'trouble' | 'unavailable' }
  | { kind: 'turn_away' }
  | { kind: 'goodbye' }
  | { kind: 'hang_up' }
  /** What is said about a callback, to whoever asks for it or answers for it. */
  | { kind: 'callback'; say: CallbackWords; offer?: number; number?: string }
  | { kind: 'nothing' };

export type CallbackWords =
  /** To the caller on hold: which number shall we call? */
  | 'ask'
  | 'ask_again'
  | 'read_back'
  | 'no_more'
  | 'noted'
  /** To the agent. */
  | 'confirm'
  | 'bridge'
  | 'unreached'
  | 'over'
  | 'too_late';

/** `next` is the step that the document's own continuation URLs carry. */
export interface Told {
  reply: Reply;
  next: number;
}

/** Why a caller left the line for something other than an agent. */
export const LEAVE_REASONS = ['max_cycles', 'max_wait', 'queue_full', 'nobody', 'key', 'callback'] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];

/** One reservation of one agent, or of one ring-all set, for this call. */
interface Offer {
  id: number;
  agents: string[];
  offered_at: number;
  /** After this moment the reservation no longer counts, whatever was lost on the way. */
  expires_at: number;
  /** The step whose document rings the agents; absent until that document is written. */
  via?: string;
  /** The transfer that should bring the caller has failed; the hold cycle will. */
  fetch_failed?: true;
  dialed_at?: number;
}

/** How a ring can fail through the agent's side. */
const MISSED = ['no_answer', 'busy', 'failed'] as const;
export type Missed = (typeof MISSED)[number];

/** `hung_up`: the caller left while it rang, and no word of it has come. */
export const RING_RESULTS = ['connected', ...MISSED, 'cancelled', 'hung_up', 'expired'] as const;

/** A past ring, for the record. */
export interface Ring {
  offer: number;
  agents: string[];
  at: number;
  result: (typeof RING_RESULTS)[number];
}

export interface Voicemail {
  recording_id?: string;
  url?: string;
  duration_secs?: number;
  started_at: number;
  stored_at?: number;
  /** When the queue's webhook took the news. */
  notified_at?: number;
}

/** A message, or the call from some moment on. */
export interface CallRecording {
  id: string;
  /** The step of the flow whose document began it. */
  step?: number;
  kind: 'message' | 'call';
  began_at: number;
  url?: string;
  duration_secs?: number;
  ended_by?: string;
  stored_at?: number;
}

export const DIAL_RESULTS = [
  'answered',
  'busy',
  'no_answer',
  /** By the person who was called. */
  'rejected',
  /** Answered by a machine. */
  'machine',
  /** By the carrier, before anything rang. */
  'refused',
  'failed',
] as const;
export type DialResult = (typeof DIAL_RESULTS)[number];

/** How we came to reach, or not to reach, the person of an outbound call. */
export interface Dial {
  requested_at: number;
  /** Where the person waits who answers, if not with an assistant. */
  queue?: string;
  /** The flow that begins when somebody answers. */
  flow?: Dialled;
  /** How many calls were placed one by the other before this one. */
  depth?: number;
  /** The first of these. */
  root?: string;
  /** What follows the flow, of that version, where nobody answers. */
  on_complete?: { flow: string; version: number };
  ringing_at?: number;
  answered_at?: number;
  result?: DialResult;
  /** HTTP status of a refusal. */
  status?: number;
  /** The carrier's word for the reason. */
  detail?: string;
}

/** What an assistant's conversation came to; its words are stored apart (`store/conversations.ts`). */
export interface Conversed extends Usage {
  /** Replies of the assistant. */
  turns: number;
  interruptions: number;
}

export interface Call {
  id: string;
  /** CallUUID, where it is not the id. */
  carrier_id?: string;
  version: number;
  state: CallState;
  direction: Direction;
  from: string;
  to: string;
  /** Whoever speaks, or shall speak, before any queue. */
  assistant?: string;
  /** When the caller first heard the assistant. */
  assisted_at?: number;
  departure?: Departure;
  ai?: Conversed;
  /** Given with the request to place the call. */
  variables?: Record<string, string>;
  flow?: FlowRun;
  /** The conversation that a flow has sent the caller to. */
  talk?: Talk;
  transcription?: Transcription;
  recordings?: CallRecording[];
  consent?: Consent;
  /** Queues that a flow had sent the caller to before; each is a record of its own for the metrics. */
  visits?: Visit[];
  /** Calls that end with this one. */
  chained?: string[];
  /** Calls that flows have placed and that go back to this one, to whatever depth. */
  descendants?: string[];
  dial?: Dial;
  callback?: Callback;
  /** The callback that was asked for in this call: a call of its own. */
  callback_id?: string;
  /** Empty: in none yet. */
  queue: string;
  /** Higher is served first; 0 is normal. */
  priority: number;
  skills: string[];
  /** Epoch ms throughout. When the call began, where it did not join a queue at once. */
  began_at?: number;
  /** When the call joined its queue, until then when it began. Fixes the place in line, and never changes there. */
  joined_at: number;
  connected_at?: number;
  ended_at?: number;
  /** By when the carrier must have been heard of; the sweeper ends what is overdue. */
  deadline: number;
  /** Hold cycles begun. */
  cycle: number;
  /** When the present cycle began; absent once it has been sat out. */
  cycle_began_at?: number;
  /** Documents handed out; each continuation URL carries the number of the document it stands in. */
  step: number;
  replies: Record<string, Told>;
  offers: number;
  offer?: Offer;
  rings: Ring[];
  /** Agents who missed this caller's last ring: not offered again before the next hold cycle ends. */
  excluded: string[];
  agent?: string;
  /** True when no DialConnected came and the moment of answer was inferred from the ring. */
  connected_at_inferred?: boolean;
  outcome?: Outcome;
  /** Why the caller left the line, when it was not for an agent. */
  left?: LeaveReason;
  abandoned_while?: CallState;
  hangup_cause?: string;
  voicemail?: Voicemail;
}

/** By what name the carrier knows the call; one that it has never named it does not know. */
export const carrierId = ({ id, carrier_id }: Pick<Call, 'id' | 'carrier_id'>): string => carrier_id ?? id;

/** The line of ours that was called, or calls. */
export const ownNumber = ({ direction, from, to }: Pick<Call, 'direction' | 'from' | 'to'>): string =>
  direction === 'outbound' ? from : to;

/** The person at the other end. */
export const otherNumber = ({ direction, from, to }: Pick<Call, 'direction' | 'from' | 'to'>): string =>
  direction === 'outbound' ? to : from;
