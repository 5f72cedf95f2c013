/**
 * The call: one item per Vobiz CallUUID, from the Answer webhook to the report.
 *
 * Invariants: `state` only moves along `transitions.ts`; `outcome` is set once and afterwards only ever refined
 * by late evidence (`abandoned` to `connected` or `voicemail`); an agent is named in `offer.agents` or `agent`
 * exactly while that agent's own item names this call; `replies` remembers what each step was told, so that a
 * repeated webhook gets the same document.
 */

export type CallState = 'greeting' | 'waiting' | 'offered' | 'connected' | 'voicemail' | 'ended';

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
  | { kind: 'greet'; queue: string }
  | { kind: 'hold'; cycle: number; position?: number; expected_wait_secs?: number }
  | { kind: 'dial'; offer: number; agents: string[] }
  | { kind: 'voicemail'; reason: LeaveReason }
  | { kind: 'turn_away'; reason: LeaveReason }
  | { kind: 'goodbye' }
  | { kind: 'nothing' };

/** Why a caller left the line for something other than an agent. */
export type LeaveReason = 'max_cycles' | 'max_wait' | 'queue_full' | 'nobody' | 'key';

/** One reservation of one agent, or of one ring-all set, for this call. */
export interface Offer {
  id: number;
  agents: string[];
  offered_at: number;
  /** After this moment the reservation no longer counts, whatever was lost on the way. */
  expires_at: number;
  /** The step whose document rings the agents; absent until that document is written. */
  via?: string;
  dialed_at?: number;
}

/** A past ring, for the record. */
export interface Ring {
  agents: string[];
  at: number;
  result: 'connected' | 'no_answer' | 'busy' | 'failed' | 'cancelled' | 'expired';
}

export interface Voicemail {
  recording_id?: string;
  url?: string;
  duration_secs?: number;
  started_at: number;
  stored_at?: number;
}

export interface Call {
  id: string;
  version: number;
  state: CallState;
  direction: 'inbound' | 'outbound';
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
  step: number;
  replies: Record<string, Reply>;
  offers: number;
  offer?: Offer;
  rings: Ring[];
  /** Agents who missed this caller's last ring: not offered again before the next hold cycle ends. */
  excluded: string[];
  agent?: string;
  /** True when no DialConnected came and the moment of answer was inferred from the ring. */
  connected_at_inferred?: boolean;
  outcome?: Outcome;
  left?: LeaveReason;
  abandoned_while?: CallState;
  hangup_cause?: string;
  voicemail?: Voicemail;
}
