/**
 * The conversation between a caller and an assistant, as one plain JSON value that crosses sessions, with what can
 * happen to it and what it can ask for. Pure; times are epoch ms.
 *
 * Invariants: an assistant's entry carries what was HEARD of it, and the model is told nothing else; at most one
 * reply is under way, whose `turn` every event about it names, so that an event of a past turn changes nothing; a
 * piece of speech is one sentence, spoken in the order of `pieces`, with a checkpoint of its own name at its end;
 * whatever is waited for has an end in `wake_at`.
 */

import type { AssistantEntry, Entry, Latency } from './entries.ts';
import type { ToolDeclaration } from './providers/provider.ts';

export type { AssistantEntry, CallerEntry, Entry, Latency, ToolEntry } from './entries.ts';

export type Phase =
  /** Waiting for the stream. */
  | 'opening'
  | 'listening'
  /** The caller has finished; nothing of the reply is audible yet. */
  | 'thinking'
  /** Audio of the reply is on its way to the caller's ear. */
  | 'speaking'
  /** The last words are being said; then the call goes on elsewhere. */
  | 'leaving'
  | 'over';

/** A sentence on its way to the caller's ear. */
export interface Piece {
  /** Checkpoint name, unique in the call: `t3.2`. */
  name: string;
  text: string;
  /** Said to bridge a wait, not the model's own words. */
  filler?: true;
  /** Place in `entries` of the entry that it is part of. */
  entry: number;
  queued_at: number;
  /** When its first audio came from the voice. */
  begun_at?: number;
  /** When the first frame was posted. */
  started_at?: number;
  /** Length of the audio, once the voice has delivered all of it. */
  audio_ms?: number;
  /** How much of it had been posted when this was last told; what was not posted cannot have been heard. */
  posted_ms?: number;
  /** When the last frame had been posted. */
  sent_at?: number;
  /** When the carrier said that it was played to the end. */
  played_at?: number;
}

/** A reply under way: of the model, or a fixed sentence such as the greeting. */
export interface Reply {
  turn: number;
  kind: AssistantEntry['kind'];
  pieces: Piece[];
  /** The model has more to say. */
  open: boolean;
  /** Requests to the model in this turn, tools and repetitions included. */
  requests: number;
  /** Of the last request. */
  requested_at: number;
  /** Last sentence or tool call of the model, or the request itself. */
  progress_at: number;
  /** Tools that the model has called in the last request. */
  called: number;
  /** The model has once had nothing to say. */
  empty?: true;
  latency: Latency;
  /** When the caller's last word ended. */
  caller_ended_at?: number;
  /** When it was decided to answer. */
  decided_at: number;
}

/** What the caller is saying, until it is decided that they have finished. */
export interface Utterance {
  /** Final pieces so far. */
  finals: string[];
  interim: string;
  began_at: number;
  last_word_at: number;
  /** When the last transcript with words came. */
  updated_at: number;
  /** When the end-pointed final came, if no word has come since. */
  final_at?: number;
  /** The provider has heard a long pause since. */
  closed?: true;
  /** It repeats what was uncertain of the caller's last turn, and goes on from there. */
  revises?: true;
}

/** Where the call goes when the assistant is done with it. */
export type Departure =
  | { to: 'queue'; queue: string; reason: 'asked' | 'key' | 'limit'; note?: string; priority?: number }
  /** The assistant cannot go on: the carrier's own voice apologises, people take over. */
  | { to: 'queue'; queue: string; reason: 'failed'; detail: string }
  | { to: 'end'; reason: 'done' | 'silence' | 'limit' }
  /** Back to the flow that has sent the caller. `status`: what it is told, see `outcomes.ts`. */
  | { to: 'flow'; reason: EndInFlow; status: string; detail?: string; note?: string };

/** `chosen`: the model has named an outcome. */
export type EndInFlow = 'chosen' | 'done' | 'asked' | 'key' | 'silence' | 'limit' | 'failed';

export interface Conversation {
  phase: Phase;
  /** Since when there is no stream; absent while there is one. */
  streamless_since?: number;
  /** When the stream first opened. */
  began_at?: number;
  turn: number;
  entries: Entry[];
  reply?: Reply;
  utterance?: Utterance;
  /** Digits pressed and not yet taken as an utterance. */
  digits: { pressed: string; at: number }[];
  /** How often in a row the silent caller was asked. */
  prompts: number;
  /** Since when nobody says anything. */
  quiet_since?: number;
  /** When `tick` is due at the latest; absent: nothing is waited for. */
  wake_at?: number;
  /** Where the call goes: decided while leaving, always there once the conversation is over. */
  departure?: Departure;
  /** Set in a flow, where the call goes on whatever the conversation comes to; the model may choose from these. */
  outcomes?: string[];
  variables: Record<string, string>;
  /** Those among them that were learnt here. */
  learnt?: Record<string, string>;
  interruptions: number;
  /** The model's failures and empty replies in a row. */
  failures: number;
  /** All the speech whose length is known: how fast the voice speaks. */
  spoken: { chars: number; ms: number };
  usage: Usage;
}

export interface Usage {
  stt_secs: number;
  llm_input_tokens: number;
  llm_output_tokens: number;
  tts_chars: number;
}

export type ConversationEvent =
  /** A stream is there, for the first time or again after a loss. */
  | { type: 'stream_opened' }
  | { type: 'stream_closed' }
  | { type: 'speech_started' }
  /** `began_at` and `ended_at`: of the words, on our clock; `speech_final`: the provider saw the end of the utterance. */
  | {
      type: 'transcript';
      text: string;
      final: boolean;
      speech_final: boolean;
      began_at?: number;
      ended_at?: number;
    }
  | { type: 'utterance_end' }
  | { type: 'digit'; digit: string }
  | { type: 'first_token'; turn: number }
  | { type: 'sentence'; turn: number; text: string }
  | { type: 'tool_call'; turn: number; id: string; name: string; arguments: string }
  /** The model has said all of this request. */
  | { type: 'reply_done'; turn: number; usage?: { input_tokens: number; output_tokens: number } }
  /** The model failed for good in this request (the shell has already tried twice). */
  | { type: 'reply_failed'; turn: number; reason: string }
  | { type: 'tool_done'; turn: number; id: string; result: string; variables?: Record<string, string> }
  /** First audio of this piece came from the voice. */
  | { type: 'speech_begun'; piece: string; ms: number }
  /** The voice has delivered all of this piece's audio: its length is known before it has been posted. */
  | { type: 'speech_done'; piece: string; audio_ms: number }
  /** First frame of it was posted, at `at`; now, unless given. */
  | { type: 'piece_started'; piece: string; at?: number }
  /** So much of it has been posted so far: told before whatever may end or interrupt a reply. */
  | { type: 'posted'; piece: string; audio_ms: number }
  /** Last frame of it and its checkpoint were posted. */
  | { type: 'piece_sent'; piece: string; audio_ms: number }
  | { type: 'speech_failed'; piece: string; reason: string }
  /** `at`: when the carrier's word reached us; now, unless given. */
  | { type: 'played'; name: string; at?: number }
  | { type: 'cleared' }
  /** A provider is lost for good, or the stream cannot be used: the assistant must give up. */
  | { type: 'lost'; detail: string }
  | { type: 'tick' };

export type Command =
  /** Ask the model. Ends in `reply_done`, `reply_failed`, or is called off by `abort`. */
  | { do: 'generate'; turn: number; messages: Message[]; tools: ToolDeclaration[] }
  | { do: 'run_tool'; turn: number; id: string; name: string; arguments: string }
  /** Queue a sentence for speaking; its audio ends with a checkpoint of this name. */
  | { do: 'speak'; piece: string; text: string }
  /** Call off the model and the voice, and drop what is queued and not posted. A tool runs on. */
  | { do: 'abort' }
  /** Have the carrier drop what it has not played; nothing is posted until it has, or a second has gone by. */
  | { do: 'clear' }
  /** The conversation is over: note where the call goes, then stop the stream. */
  | { do: 'depart'; departure: Departure }
  /** Store the conversation now: from here a successor can go on. */
  | { do: 'persist' }
  /** A turn's latencies are known. */
  | { do: 'measure'; latency: Latency };

/** As OpenAI's chat completions take them. */
export type Message =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: ToolCallMessage[] }
  | { role: 'tool'; tool_call_id: string; content: string };

export interface ToolCallMessage {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface Stepped {
  conversation: Conversation;
  commands: Command[];
}
