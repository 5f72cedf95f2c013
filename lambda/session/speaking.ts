/**
 * Gives sentences a voice and posts it to the caller: one post at a time and in order, a little ahead of real time,
 * each sentence followed by its checkpoint. After `drop` nothing of what was queued leaves any more, whatever a
 * voice still delivers; after `clear` nothing leaves until the carrier has cleared, or a second has gone by.
 */
import { checkpoint, clearAudio, playAudio, stopStream } from '../vobiz/stream-commands.ts';
import { createPlayout, type Out } from '../voice/playout.ts';
import { BYTES_PER_MS, createVoices, type Voicing } from './voices.ts';

/** Where audio goes: the stream as it is now. */
export interface Line {
  streamId: string;
  /** @returns false when nothing can be posted there any more */
  post(message: string): Promise<boolean>;
}

export interface Speaker {
  /** Synthesise now what will soon be said. */
  prepare(text: string): void;
  speak(piece: string, text: string): void;
  drop(): void;
  clear(): void;
  cleared(): void;
  /** How much of the piece that was spoken last has been posted. */
  posted(): { piece: string; audio_ms: number } | undefined;
  /** Undefined while there is no stream. */
  useLine(line: Line | undefined): void;
  /** Ends the stream. @returns whether the carrier has been told */
  stop(): Promise<boolean>;
  end(): void;
}

interface Surroundings extends Voicing {
  frameMs: number;
}

export function speaker(around: Surroundings): Speaker {
  const { now, emit } = around;
  const playout = createPlayout({ frameMs: around.frameMs });
  const voices = createVoices(around, playout);
  const urgent: string[] = [];
  let line: Line | undefined;
  let ended = false;
  let drops = 0;
  /** Pieces of which a frame has left, and bytes of the latest. */
  const started = new Set<string>();
  let latest: { piece: string; bytes: number } | undefined;
  let wake: () => void = () => undefined;

  async function post(out: Out): Promise<void> {
    if (!line) return;
    const message =
      out.kind === 'audio' ? playAudio(line.streamId, out.payload) : checkpoint(line.streamId, out.piece);
    const at = now();
    const isThere = await line.post(message);
    // A checkpoint that is lost is late for ever, and given up; the piece has been sent all the same.
    if (out.kind === 'checkpoint') emit({ type: 'piece_sent', piece: out.piece, audio_ms: out.audio_ms });
    else if (isThere) {
      latest = {
        piece: out.piece,
        bytes: out.payload.length + (latest?.piece === out.piece ? latest.bytes : 0),
      };
      if (started.has(out.piece)) return;
      started.add(out.piece);
      emit({ type: 'piece_started', piece: out.piece, at });
    }
  }

  async function postUrgent(): Promise<void> {
    for (let message = urgent.shift(); message && line; message = urgent.shift()) await line.post(message);
  }

  /** Everything that leaves, leaves here. */
  async function run(): Promise<void> {
    while (!ended) {
      await postUrgent();
      const before = drops;
      for (const out of line ? playout.due(now()) : []) {
        if (urgent.length > 0) await postUrgent();
        if (drops !== before || ended) break;
        await post(out);
      }
      if (urgent.length === 0) await rest();
    }
  }

  function rest(): Promise<void> {
    const next = line ? playout.next(now()) : undefined;
    return new Promise(resolve => {
      const timer = next === undefined ? undefined : setTimeout(resolve, Math.max(1, next - now()));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  void run();
  return {
    prepare: voices.prepare,
    speak(piece, text) {
      playout.expect(piece);
      voices.speak(piece, text, () => wake());
    },
    drop() {
      drops++;
      voices.drop();
      playout.drop();
    },
    clear() {
      if (!line) return;
      playout.hold(now());
      urgent.push(clearAudio(line.streamId));
      wake();
    },
    cleared() {
      playout.release();
      wake();
    },
    posted: () => latest && { piece: latest.piece, audio_ms: latest.bytes / BYTES_PER_MS },
    useLine(next) {
      line = next;
      wake();
    },
    async stop() {
      drops++;
      voices.drop();
      playout.drop();
      return line ? line.post(stopStream(line.streamId)) : false;
    },
    end() {
      ended = true;
      voices.end();
      wake();
    },
  };
}
