/**
 * What the session needs of the three kinds of providers. A provider is one file that implements one of these; how
 * to add another is in docs/providers.md. Audio is always µ-law, 8 kHz, mono.
 */
import type { Message } from '../conversation.ts';

/** Times in seconds of audio sent on this stream. */
export type SttEvent =
  | { type: 'speech_started'; at: number }
  /** A final one covers what no earlier final one did; without text it only says that the utterance is over. */
  | {
      type: 'transcript';
      text: string;
      final: boolean;
      speech_final: boolean;
      /** Of the words. */
      began: number;
      ended: number;
      /** End of the audio that it covers. */
      until: number;
    }
  /** The provider heard a long enough pause after words. `last_word_ended`: when the last of them ended. */
  | { type: 'utterance_end'; last_word_ended: number }
  /** Any sign of life. `until`: there is nothing to be heard in the audio up to here. */
  | { type: 'alive'; until?: number }
  | { type: 'closed'; refused: boolean; reason: string };

export interface SttOptions {
  model: string;
  language: string;
  keyterms: string[];
}

/** One connection. It never throws and never reopens by itself: `closed` comes exactly once, also after `close`. */
export interface SttStream {
  send(audio: Uint8Array): void;
  /** Nothing to send at the moment: keep the connection open. */
  keepAlive(): void;
  close(): void;
}

export type OpenStt = (options: SttOptions, listener: (event: SttEvent) => void) => SttStream;

/** Seconds from the beginning of the file. */
export interface Utterance {
  text: string;
  began: number;
  ended: number;
}

/** A whole file, whatever its format. @throws ProviderError, or the reason of the signal once that is aborted */
export type TranscribeFile = (
  file: { bytes: Uint8Array<ArrayBuffer>; type: string },
  options: Pick<SttOptions, 'model' | 'language'>,
  signal: AbortSignal,
) => Promise<Utterance[]>;

export type LlmEvent =
  | { type: 'token'; text: string }
  /** A tool call is being written; it comes whole, later. */
  | { type: 'calling' }
  | { type: 'tool_call'; id: string; name: string; arguments: string }
  | { type: 'usage'; input_tokens: number; output_tokens: number };

export interface ToolDeclaration {
  name: string;
  description: string;
  /** JSON schema. */
  parameters: Record<string, unknown>;
}

export interface LlmRequest {
  model: string;
  temperature: number;
  max_tokens: number;
  messages: Message[];
  tools: ToolDeclaration[];
}

/** Ends when the reply is complete. @throws ProviderError, or the reason of the signal once that is aborted */
export type AskLlm = (request: LlmRequest, signal: AbortSignal) => AsyncIterable<LlmEvent>;

export interface TtsRequest {
  text: string;
  model: string;
  voice: string;
  language: string;
}

/** µ-law as it comes, in chunks of any length. @throws as `AskLlm` */
export type Speak = (request: TtsRequest, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** By whose fault and whether trying again can help. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  constructor(
    readonly kind: /** The key or the request is not accepted: trying again is of no use. */
    'refused' | 'unavailable' | 'timeout',
    /** Without keys and without words of the caller: it is logged. */
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
