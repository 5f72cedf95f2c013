/**
 * One side of a transcribed call. Nobody waits for what is said there, so a transcriber that is lost is tried again and
 * again; meanwhile the latest half a minute is kept, and said to it when it is back.
 */
import type { Words } from '../transcription/spotting.ts';
import { type Hearing, hearing } from './hearing.ts';
import type { Providers } from './providers.ts';
import { createTape, type Sound } from './sound.ts';

const REVIVE_MS = 5000;

export interface Listening {
  hear(sound: Sound): void;
  newStream(): void;
  /** As of `Hearing`. */
  heardUntil(): number | undefined;
  finish(): Promise<void>;
  end(): void;
}

interface Surroundings {
  providers: Providers;
  settings: Parameters<typeof hearing>[0]['settings'];
  now(): number;
  onWords(words: Words): void;
  /** Once, until there are words again. */
  onLost(): void;
  onReconnect(): void;
}

export function listening({ onWords, onLost, ...around }: Surroundings): Listening {
  const tape = createTape();
  let isLost = false;
  let revival: NodeJS.Timeout | undefined;
  let ear: Hearing | undefined = listen();

  function listen(): Hearing {
    return hearing({
      ...around,
      tape,
      emit(event) {
        if (event.type === 'lost') return lose();
        if (event.type !== 'transcript') return;
        isLost = false;
        const { text, final, began_at = around.now(), ended_at = began_at } = event;
        onWords({ text, final, began_at, ended_at });
      },
    });
  }

  function lose(): void {
    ear?.end();
    ear = undefined;
    if (!isLost) onLost();
    isLost = true;
    revival = setTimeout(() => {
      ear = listen();
    }, REVIVE_MS);
  }

  return {
    hear(sound) {
      if (ear) ear.hear(sound);
      else tape.add(sound, false);
    },
    newStream: tape.newStream,
    heardUntil: tape.coveredUntil,
    finish: async () => ear?.finish(),
    end() {
      clearTimeout(revival);
      ear?.end();
    },
  };
}
