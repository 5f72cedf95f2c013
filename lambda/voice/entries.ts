/** What was said and done in a conversation, in order: the record that is stored, shown, and told to the model. */

/** Milliseconds, of one turn of the assistant. */
export interface Latency {
  /** End of the caller's last word to the end-pointed final transcript. */
  endpointing_ms?: number;
  /** That transcript to the decision to answer. */
  patience_ms?: number;
  /** Request to the model until the first token. */
  first_token_ms?: number;
  /** Request to the model until the first whole sentence. */
  first_sentence_ms?: number;
  /** Request to the voice until the first audio. */
  first_byte_ms?: number;
  /** Decision to answer until the first frame left. */
  first_audio_ms?: number;
  /** End of the caller's last word until the first frame left. */
  total_ms?: number;
  tools_ms?: number;
}

export interface CallerEntry {
  who: 'caller';
  at: number;
  ended_at: number;
  text: string;
  /** The part of it that was certain, if not all was: a final transcript of the rest may yet come. */
  certain?: string;
}

export interface AssistantEntry {
  who: 'assistant';
  kind: 'greeting' | 'reply' | 'prompt' | 'farewell' | 'apology';
  turn: number;
  at: number;
  ended_at?: number;
  /** What was generated. */
  text: string;
  /** What the caller heard of it. */
  heard: string;
  interrupted?: true;
  latency?: Latency;
}

/** Entered when the model calls the tool, so that no call is forgotten whatever happens next. */
export interface ToolEntry {
  who: 'tool';
  turn: number;
  /** Which request to the model of that turn called it. */
  request: number;
  at: number;
  /** Absent: it still runs. */
  ended_at?: number;
  id: string;
  name: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
  /** At most 2,000 letters. */
  result: string;
}

export type Entry = CallerEntry | AssistantEntry | ToolEntry;
