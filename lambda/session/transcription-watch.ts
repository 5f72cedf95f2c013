/**
 * How long a transcription lasts: as long as its stream, and while the carrier may still open it again. That a socket
 * has closed may never be said, so a stream that has fallen silent is looked after in the call's record, which also
 * says when nobody wants it any more.
 */
import { log } from '../platform/log.ts';
import type { Source, StreamListener } from './following.ts';
import type { TranscriptStage } from './transcribe.ts';
import type { Transcriber } from './transcriber.ts';

const LOOK_MS = 250;
/** How often it is looked whether the transcription is still wanted, while all goes well. */
const ASK_MS = 2000;
/** A living stream brings a frame every 20 ms; the last ones may be under way for a moment. */
const SILENT_MS = 400;
/** Until the carrier's first stream, and until it comes back. */
const FIRST_MS = 60_000;
const RETURN_MS = 10_000;
const MARK_MS = 10_000;

export interface Watch {
  listener: StreamListener;
  /** Resolves when there is nothing more to hear, or when `signal` is aborted. */
  untilOver(signal: AbortSignal): Promise<void>;
}

export function watch(
  { context, call, order }: TranscriptStage,
  at: Transcriber,
  from: Source['from'],
): Watch {
  const { now } = context;
  let isOpen = from !== undefined;
  let wasOpen = isOpen;
  let closedAt = now();
  let soundAt = now();
  let isUseless = false;

  /** `stopped`: the flow has ended it, though the stream may go on. */
  async function stateNow(): Promise<'wanted' | 'stopped' | 'ended'> {
    try {
      const current = await context.store.calls.one(call.id);
      if (!current || current.state === 'ended') return 'ended';
      const { n, stopped_at } = current.transcription ?? {};
      return n === order.n && stopped_at === undefined ? 'wanted' : 'stopped';
    } catch (error) {
      log.warn('A call could not be read; again in a moment', {
        call: call.id,
        reason: (error as Error).name,
      });
      return 'wanted';
    }
  }

  async function isOver(): Promise<boolean> {
    const isSilent = now() - soundAt > SILENT_MS;
    if (!isOpen && isSilent && now() - closedAt > (wasOpen ? RETURN_MS : FIRST_MS)) return true;
    const state = await stateNow();
    return state === 'stopped' || (state === 'ended' && isSilent);
  }

  return {
    listener: {
      onStart(place) {
        isOpen = true;
        wasOpen = true;
        at.opened(place);
      },
      onSound(sound, concealed, track) {
        soundAt = now();
        at.hear(sound, concealed, track);
      },
      onHappening: () => undefined,
      onClosed() {
        isOpen = false;
        closedAt = now();
      },
      onUseless(why) {
        if (isUseless) return;
        isUseless = true;
        log.error('A stream cannot be transcribed', undefined, { call: call.id, why });
        at.loseAll();
      },
    },
    async untilOver(signal) {
      let askedAt = now();
      let markedAt = now();
      while (!signal.aborted && !at.isOver) {
        await context.pause(LOOK_MS);
        const isQuiet = !isOpen || now() - soundAt > SILENT_MS;
        if (isQuiet || now() - askedAt > ASK_MS) {
          askedAt = now();
          if (await isOver()) return;
        }
        if (now() - markedAt > MARK_MS) {
          markedAt = now();
          at.mark();
        }
      }
    },
  };
}
