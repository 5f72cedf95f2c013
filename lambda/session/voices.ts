/**
 * Sentences become audio, at most two at a time, in the order in which they will be said. A voice that fails before
 * its first sound is asked once more; one that stays silent is not, because the caller is listening to nothing.
 */
import type { Assistant } from '../voice/assistant.ts';
import type { ConversationEvent } from '../voice/conversation.ts';
import type { createPlayout } from '../voice/playout.ts';
import { ProviderError } from '../voice/providers/provider.ts';
import type { Providers } from './providers.ts';
import { reasonOf } from './thinking.ts';

/** The next sentence is synthesised while one is being said. */
const VOICES_AT_ONCE = 2;
/** So long the caller would hear nothing; then the carrier's own voice is better. */
const FIRST_BYTE_MS = 2000;

export interface Voicing {
  providers: Providers;
  settings: Assistant;
  now(): number;
  emit(event: ConversationEvent): void;
}

type Playout = ReturnType<typeof createPlayout>;

export function createVoices({ providers, settings, now, emit }: Voicing, playout: Playout) {
  const prepared = new Map<string, Promise<Uint8Array[]>>();
  let waiting: (() => void)[] = [];
  let active = 0;
  let current = new AbortController();

  const voice = providers.tts[settings.tts.provider];
  const request = (text: string) => ({ ...settings.tts, text, language: settings.language });

  const begin = (job: () => Promise<void>) => {
    const start = () => {
      active++;
      void job().finally(() => {
        active--;
        waiting.shift()?.();
      });
    };
    if (active < VOICES_AT_ONCE) start();
    else waiting.push(start);
  };

  async function synthesize(piece: string, text: string, signal: AbortSignal, onAudio: () => void) {
    const asked = now();
    const progress = { begun: false };
    const take = (chunk: Uint8Array) => {
      if (signal.aborted || chunk.length === 0) return;
      if (!progress.begun) emit({ type: 'speech_begun', piece, ms: now() - asked });
      progress.begun = true;
      playout.append(piece, chunk);
      onAudio();
    };
    const ready = await prepared.get(text)?.catch(() => undefined);
    if (ready) for (const chunk of ready) take(chunk);
    else await stream(text, signal, take, progress);
    if (signal.aborted) return;
    playout.finish(piece);
    onAudio();
  }

  async function stream(
    text: string,
    signal: AbortSignal,
    take: (chunk: Uint8Array) => void,
    progress: { begun: boolean },
  ): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const late = new AbortController();
      const patience = setTimeout(() => late.abort(), FIRST_BYTE_MS);
      try {
        for await (const chunk of voice(request(text), AbortSignal.any([signal, late.signal]))) {
          clearTimeout(patience);
          take(chunk);
        }
        if (!progress.begun) throw new ProviderError('unavailable', 'the voice said nothing');
        return;
      } catch (error) {
        if (signal.aborted || attempt > 1 || progress.begun || late.signal.aborted) throw error;
        if (error instanceof ProviderError && error.kind === 'refused') await providers.renewKeys();
      } finally {
        clearTimeout(patience);
      }
    }
  }

  return {
    prepare(text: string) {
      if (text === '' || prepared.has(text)) return;
      const audio = collect(voice(request(text), AbortSignal.timeout(FIRST_BYTE_MS)));
      // A failure shows, and is answered, when the sentence is to be said.
      audio.catch(() => prepared.delete(text));
      prepared.set(text, audio);
    },
    speak(piece: string, text: string, onAudio: () => void) {
      const { signal } = current;
      begin(async () => {
        if (signal.aborted) return;
        try {
          await synthesize(piece, text, signal, onAudio);
        } catch (error) {
          if (!signal.aborted) emit({ type: 'speech_failed', piece, reason: reasonOf(error) });
        }
      });
    },
    drop() {
      current.abort();
      current = new AbortController();
      waiting = [];
    },
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  if (all.length === 0) throw new ProviderError('unavailable', 'the voice said nothing');
  return all;
}
