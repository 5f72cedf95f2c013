/**
 * The call: one item per Vobiz CallUUID, from the Answer webhook to the report.
 *
 * Invariants: `state` only moves along `transitions.ts`; `outcome` is set once and afterwards only ever refined
 * by late evidence (`abandoned` to `connected` or `voicemail`); an agent is named in `offer.agents` or `agent`
 * exactly while that agent's own item names this call; `replies` remembers what each step was told, so that a
 * repeated webhook gets the same document.
 */

export const CALL_STATES = ['greeting', 'waiting', 'offered', 'connected', 'voicemail', 'ended'] as const;
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
  | { kind: 'dial'; offer: number; agents: string[] }
  | { kind: 'go'; to: 'hold' | 'try' | 'voicemail' }
  | { kind: 'pause'; secs: number }
  | { kind: 'record' }
  | { kind: 'turn_away' }
  | { kind: 'goodbye' }
  | { kind: 'nothing' };

/** `next` is the step that the document's own continuation URLs carry. */
export interface Told {
  reply: Reply;
  next: number;
}

/** Why a caller left the line for something other than an agent. */
export const LEAVE_REASONS = ['max_cycles', 'max_wait', 'queue_full', 'nobody', 'key'] as const;
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

export interface Call {
  id: string;
  version: number;
  state: CallState;
  direction: Direction;
  from: string;
  to: string;
  queue: string;
  /** Higher is served first; 0 is normal. */
  priority: number;
  skills: string[];
  /** Epoch ms throughout. `joined_at` fixes the place in line and never changes. */
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
