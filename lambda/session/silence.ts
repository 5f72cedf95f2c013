/** Watches for a transcriber that has nothing to say although somebody has spoken. */
import { levelDbfs } from '../codec/level.ts';
import { BYTES_PER_SEC, type Sound } from './sound.ts';

const SPEECH_DBFS = -42;
/** Speech shorter than this may be a click that no transcriber would mention. */
const SPEECH_SECS = 0.3;
/** After the end of speech, so long without any word from the transcriber. */
const SILENT_MS = 1200;

/** Somebody has spoken and paused, and the transcriber has said nothing since. */
export function silenceWatch(now: () => number) {
  let spoken = 0;
  let lastSpeechAt = 0;
  return {
    listen({ audio }: Sound) {
      if (levelDbfs(audio) < SPEECH_DBFS) return;
      spoken += audio.length / BYTES_PER_SEC;
      lastSpeechAt = now();
    },
    hush() {
      spoken = 0;
    },
    wait() {
      lastSpeechAt = now();
    },
    isSuspicious: () => spoken >= SPEECH_SECS && now() - lastSpeechAt > SILENT_MS,
  };
}
