/**
 * What Deepgram would say to an audio stream, told by the amount of audio alone and no clock: so a replay that runs
 * faster than real time gets the same messages. A final transcript covers what no earlier one did; `start` and
 * every word's times are seconds of this stream.
 */
import { createToneDecoder, type HeardCharacter } from './tones.ts';
import { WORD_GAP_MS, type Word, wordsOf } from './words.ts';

export interface Listening {
  interimResults: boolean;
  speechEvents: boolean;
  /** Silence that ends an utterance, in ms; undefined: nothing does. */
  endpointingMs: number | undefined;
  /** Silence after the last word until `UtteranceEnd`, in ms; undefined: it never comes. */
  utteranceEndMs: number | undefined;
  /** Field of every result. */
  metadata: Record<string, unknown>;
}

export type DeepgramMessage = { type: string } & Record<string, unknown>;

const RATE = 8000;
const STEP_MS = 10;
const STEP = (RATE * STEP_MS) / 1000;
const INTERIM_MS = 200;
/** Results come in silence, too: empty ones. */
const SILENT_RESULT_MS = 1000;
/** A long utterance becomes final in parts. */
const LONGEST_SEGMENT_MS = 4000;

export class Recogniser {
  private readonly decoder = createToneDecoder(RATE);
  private rest = new Int16Array(0);
  /** Milliseconds heard. */
  private now = 0;
  /** Not final yet. */
  private characters: HeardCharacter[] = [];
  private segmentStart = 0;
  private lastEnd = 0;
  private lastResult = 0;
  private lastTranscript = '';
  private speaking = false;
  /** Words have been heard since the last `UtteranceEnd`. */
  private utterance = false;

  constructor(private readonly listening: Listening) {}

  push(samples: Int16Array): DeepgramMessage[] {
    const messages: DeepgramMessage[] = [];
    const all = new Int16Array(this.rest.length + samples.length);
    all.set(this.rest);
    all.set(samples, this.rest.length);
    let at = 0;
    for (; at + STEP <= all.length; at += STEP) {
      const heard = this.decoder.push(all.subarray(at, at + STEP));
      this.now += STEP_MS;
      messages.push(...this.hear(heard), ...(this.speaking ? this.whileSpeaking() : this.whileSilent()));
    }
    this.rest = all.slice(at);
    return messages;
  }

  /** `Finalize`, or the end of the stream: whatever has been said is final now. */
  finalize(): DeepgramMessage[] {
    return [...this.hear(this.decoder.flush()), this.finish({ from_finalize: true })];
  }

  /** Seconds of audio heard. */
  get duration(): number {
    return this.now / 1000;
  }

  private hear(heard: HeardCharacter[]): DeepgramMessage[] {
    const [first] = heard;
    if (!first) return [];
    const starts = !this.speaking;
    if (starts) this.lastResult = this.now;
    this.speaking = true;
    this.utterance = true;
    this.characters.push(...heard);
    this.lastEnd = Math.max(...heard.map(one => one.at_ms + one.ms));
    return starts && this.listening.speechEvents
      ? [{ type: 'SpeechStarted', channel: [0, 1], timestamp: seconds(first.at_ms) }]
      : [];
  }

  private whileSpeaking(): DeepgramMessage[] {
    const { endpointingMs, interimResults } = this.listening;
    const silence = this.now - this.lastEnd;
    if (endpointingMs !== undefined && silence >= endpointingMs) return [this.finish({ speech_final: true })];
    if (this.now - this.lastResult < INTERIM_MS) return [];
    const until = silence >= WORD_GAP_MS ? this.characters.length : lastSpace(this.characters);
    const words = wordsOf(this.characters.slice(0, until));
    const [first] = words;
    if (!first) return [];
    if (this.now - first.start * 1000 >= LONGEST_SEGMENT_MS) {
      this.characters = this.characters.slice(until);
      return [this.result(words, {})];
    }
    return interimResults && textOf(words) !== this.lastTranscript ? [this.result(words)] : [];
  }

  private whileSilent(): DeepgramMessage[] {
    const messages: DeepgramMessage[] = [];
    const { utteranceEndMs } = this.listening;
    if (this.utterance && utteranceEndMs !== undefined && this.now - this.lastEnd >= utteranceEndMs) {
      this.utterance = false;
      messages.push({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: seconds(this.lastEnd) });
    }
    if (this.now - this.lastResult >= SILENT_RESULT_MS) messages.push(this.result([], {}));
    return messages;
  }

  private finish(final: { speech_final?: true; from_finalize?: true }): DeepgramMessage {
    const words = wordsOf(this.characters);
    this.characters = [];
    this.speaking = false;
    return this.result(words, final);
  }

  /** @param final absent for an interim one */
  private result(words: Word[], final?: { speech_final?: true; from_finalize?: true }): DeepgramMessage {
    const transcript = textOf(words);
    const start = this.segmentStart;
    this.lastResult = this.now;
    this.lastTranscript = transcript;
    if (final) this.segmentStart = this.now;
    return {
      type: 'Results',
      channel_index: [0, 1],
      duration: seconds(this.now - start),
      start: seconds(start),
      is_final: final !== undefined,
      speech_final: final?.speech_final ?? false,
      channel: { alternatives: [{ transcript, confidence: words.length > 0 ? 0.99 : 0, words }] },
      metadata: this.listening.metadata,
      from_finalize: final?.from_finalize ?? false,
    };
  }
}

const textOf = (words: Word[]) => words.map(word => word.punctuated_word).join(' ');

const lastSpace = (characters: HeardCharacter[]) =>
  Math.max(0, characters.map(one => one.char).lastIndexOf(' '));

const seconds = (ms: number) => Math.round(ms) / 1000;
