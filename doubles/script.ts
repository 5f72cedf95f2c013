/**
 * What the doubles can be told to do, and what they tell of what they were asked. All of it is plain JSON, so a test
 * in another process scripts them the same way, through `POST /double/script`.
 */

export type Endpoint = 'listen' | 'chat' | 'speech' | 'speak';

/** Each happens to the next request or connection of its endpoint, and to every one if it is `persistent`. */
export interface Fault {
  kind: /** 401, as the provider says it. */
    | 'refuse_key'
    /** 402 of Deepgram, 429 `insufficient_quota` of OpenAI. */
    | 'no_credit'
    | 'rate_limit'
    /** 500. */
    | 'error'
    /** Takes the request and never answers. */
    | 'hang'
    /** Answers `ms` later. */
    | 'slow'
    /** Breaks the connection off after `after` tokens, bytes of audio sent, or milliseconds of audio heard. */
    | 'close'
    /** As `close`, but the connection stays open and nothing more comes. */
    | 'stall'
    /** Answers well-formed with nothing: an empty reply, no audio, an ear that hears nothing. */
    | 'empty'
    /** `listen` and `chat` only: something that is not of the protocol, then all goes on. */
    | 'garbage'
    /** `listen` and `chat` only: an error of the provider after all began well. */
    | 'error_inside'
    /** `chat` only: one JSON object instead of a stream. `speech` only: a WAV file instead of PCM. */
    | 'plain';
  after?: number;
  ms?: number;
  persistent?: true;
}

/** One answer of the chat. The first rule that fits is taken, and used up unless it is `persistent`. */
export interface Rule {
  /** Regular expression, in any case, on the last message that is not the system's. Absent: fits always. */
  when?: string;
  /** In words of one token each, or in exactly these tokens. */
  say?: string | string[];
  /** `arguments` as an object, or as text where it should be no JSON. */
  call?: { name: string; arguments: Record<string, unknown> | string }[];
  first_token_ms?: number;
  token_ms?: number;
}

/** Wall-clock milliseconds. */
export interface Timing {
  /** From the audio to what is recognised in it. */
  transcript_ms: number;
  first_token_ms: number;
  token_ms: number;
  /** Of speech, before its first byte. */
  first_byte_ms: number;
  /** Audio comes this many times faster than it plays; 0: all at once. */
  speech_speed: number;
  /** Deepgram closes a silent connection after this. */
  idle_ms: number;
}

export interface Script {
  /** Forget all earlier rules, faults, keys, timing and requests first. */
  clear?: true;
  /** Tried after those that are already there. */
  rules?: (Rule & { persistent?: true })[];
  faults?: Partial<Record<Endpoint, Fault[]>>;
  timing?: Partial<Timing>;
  /** From now on only these keys are good; empty: any key. */
  keys?: string[];
}

/** How a request ended; absent while it is under way. `aborted`: the client went away first. */
export type Ending = 'complete' | 'aborted' | 'fault';

export interface ChatRequest {
  /** Epoch ms, as all times here. */
  at: number;
  model: string;
  messages: Record<string, unknown>[];
  tools: string[];
  first_token_at?: number;
  ended?: Ending;
  ended_at?: number;
}

export interface SpeechRequest {
  at: number;
  provider: 'openai' | 'deepgram';
  model: string;
  voice: string;
  text: string;
  ended?: Ending;
  ended_at?: number;
}

export interface ListenRequest {
  at: number;
  query: Record<string, string | string[]>;
  bytes: number;
  keep_alives: number;
  /** Every transcript with words: those that may still change, and the final ones. `at`: when it was sent. */
  interims: { at: number; text: string }[];
  heard: { at: number; text: string }[];
  closed_at?: number;
  /** 1000 after `CloseStream`; 1006 if the client just went away. */
  code?: number;
}

export interface Requests {
  chat: ChatRequest[];
  speech: SpeechRequest[];
  listen: ListenRequest[];
}
