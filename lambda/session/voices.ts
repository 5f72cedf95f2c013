/**
 * Sentences become audio, at most two at a time, in the order in which they will be said. A voice that fails is asked
 * once more, and goes on where it broke off; one that stays silent is not, because the caller is listening to nothing.
 */
import type { Assistant } from '../voice/assistant.ts';
import type { ConversationEvent } from '../voice/conversation.ts';
import type { createPlayout } from '../voice/playout.ts';
import { ProviderError } from '../voice/providers/provider.ts';
import { type Buffered, buffered } from './buffered.ts';
import type { Providers } from './providers.ts';
import { reasonOf } from './thinking.ts';

/** The next sentence is synthesised while one is being said. */
const VOICES_AT_ONCE = 2;
/** So long the caller would hear nothing; then the carrier's own voice is better. */
const FIRST_BYTE_MS = 2000;
/** µ-law. */
export const BYTES_PER_MS = 8;

export interface Voicing {
  providers: Providers;
  settings: Assistant;
  now(): number;
  emit(event: ConversationEvent): void;
}

type Playout = ReturnType<typeof createPlayout>;

/** A sentence being synthesised. */
interface Job {
  piece: string;
  text: string;
  signal: AbortSignal;
  onAudio(): void;
}

export function createVoices({ providers, settings, now, emit }: Voicing, playout: Playout) {
  const prepared = new Map<string, Buffered<Uint8Array>>();
  const voice = providers.tts[settings.tts.provider];
  const ask = (text: string, signal: AbortSignal) =>
    voice({ ...settings.tts, text, language: settings.language }, signal);
  let lane = createLane();

  async function synthesize({ piece, text, signal, onAudio }: Job): Promise<void> {
    const asked = now();
    let bytes = 0;
    /** Of a repetition: what has been delivered already. */
    let known = 0;
    const take = (whole: Uint8Array) => {
      const chunk = whole.subarray(Math.min(known, whole.length));
      known -= whole.length - chunk.length;
      if (signal.aborted || chunk.length === 0) return;
      if (bytes === 0) emit({ type: 'speech_begun', piece, ms: now() - asked });
      bytes += chunk.length;
      playout.append(piece, chunk);
      onAudio();
    };
    for (let attempt = 1, isDone = false; !isDone && !signal.aborted; attempt++) {
      try {
        known = bytes;
        await deliver(text, signal, take);
        if (bytes === 0) throw new ProviderError('unavailable', 'the voice said nothing');
        isDone = true;
      } catch (error) {
        if (attempt > 1 || isSilence(error)) throw error;
        if (error instanceof ProviderError && error.kind === 'refused') await providers.renewKeys();
      }
    }
    if (signal.aborted) return;
    playout.finish(piece);
    emit({ type: 'speech_done', piece, audio_ms: Math.round(bytes / BYTES_PER_MS) });
    onAudio();
  }

  /** @throws what the voice throws, or that it said nothing in time */
  async function deliver(
    text: string,
    signal: AbortSignal,
    take: (chunk: Uint8Array) => void,
  ): Promise<void> {
    const impatience = new AbortController();
    const patience = setTimeout(() => impatience.abort(new ProviderError('timeout', SILENT)), FIRST_BYTE_MS);
    const source = prepared.get(text) ?? buffered(inner => ask(text, inner));
    prepared.delete(text);
    const stop = () => source.stop();
    const both = AbortSignal.any([signal, impatience.signal]);
    both.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of source) {
        clearTimeout(patience);
        take(chunk);
      }
      if (impatience.signal.aborted) throw impatience.signal.reason;
    } catch (error) {
      throw impatience.signal.aborted ? impatience.signal.reason : error;
    } finally {
      clearTimeout(patience);
      both.removeEventListener('abort', stop);
    }
  }

  return {
    prepare(text: string) {
      if (!prepared.has(text))
        prepared.set(
          text,
          buffered(signal => ask(text, signal)),
        );
    },
    speak(piece: string, text: string, onAudio: () => void) {
      const { signal } = lane;
      lane.enqueue(() =>
        synthesize({ piece, text, signal, onAudio }).catch(error => {
          if (!signal.aborted) emit({ type: 'speech_failed', piece, reason: reasonOf(error) });
        }),
      );
    },
    /** Nothing of what was asked for is wanted any more. */
    drop() {
      lane.close();
      lane = createLane();
    },
    end() {
      lane.close();
      for (const source of prepared.values()) source.stop();
    },
  };
}

const SILENT = 'the voice said nothing in time';

const isSilence = (error: unknown) => error instanceof ProviderError && error.message === SILENT;

/** Jobs of one reply, in order, a few at a time. */
function createLane() {
  const closing = new AbortController();
  const waiting: (() => Promise<void>)[] = [];
  let active = 0;

  const next = () => {
    const job = active < VOICES_AT_ONCE && !closing.signal.aborted ? waiting.shift() : undefined;
    if (!job) return;
    active++;
    void job().finally(() => {
      active--;
      next();
    });
  };

  return {
    signal: closing.signal,
    enqueue(job: () => Promise<void>) {
      waiting.push(job);
      next();
    },
    close: () => closing.abort(),
  };
}
