/**
 * Speech on its way to the carrier: paced, in pieces, a checkpoint after each. Audio leaves at most `leadMs` ahead
 * of the moment when it will be heard, so that little is wasted on an interruption. Where the caller hears nothing,
 * a little is gathered first, so that a slow voice has no gaps; a piece whose audio is complete never waits for more.
 * Pieces leave in the order in which they were expected, whatever order their audio comes in; nothing that was
 * dropped ever leaves. No clock of its own: times are given, in ms.
 */

export type Out =
  | { kind: 'audio'; piece: string; payload: Uint8Array; first: boolean }
  | { kind: 'checkpoint'; piece: string; audio_ms: number };

export interface Playout {
  /** A piece will come; its audio leaves after that of all pieces expected before. */
  expect(piece: string): void;
  /** µ-law, 8 kHz. Audio of a piece that is not expected is dropped. */
  append(piece: string, audio: Uint8Array): void;
  /** All audio of this piece has been appended. */
  finish(piece: string): void;
  /** Forgets all pieces. */
  drop(): void;
  /** Nothing leaves until `release`, or for a second. */
  hold(now: number): void;
  release(): void;
  /** What has to leave now, in order. */
  due(now: number): Out[];
  /** When `due` will have something, as far as is known; undefined: not before more audio comes. */
  next(now: number): number | undefined;
}

interface Queued {
  name: string;
  audio: Uint8Array;
  finished: boolean;
  /** Bytes that have left. */
  sent: number;
}

const BYTES_PER_MS = 8;
const SILENCE = 0xff;
const HOLD_MS = 1000;
/** What must be there before a piece begins after silence, and before it goes on after it ran dry. */
const CUSHION_MS = 80;
const DRY_CUSHION_MS = 200;
/** Behind the schedule by more than this, frames are larger, up to what the carrier takes. */
const BEHIND_MS = 100;
const LARGEST_MS = 60;

export function createPlayout({ frameMs = 20, leadMs = 300 } = {}): Playout {
  let queue: Queued[] = [];
  let heldUntil = -Infinity;
  /** When the schedule began, and when what has left will have been heard. */
  let began = -Infinity;
  let ends = -Infinity;

  const dueAt = () => Math.max(began, ends - leadMs);

  /** Is there so much of a piece that it can leave at that time? */
  const isReady = ({ audio, finished, sent }: Queued, at: number): boolean => {
    if (finished) return true;
    const isSilent = ends <= at;
    const cushion = sent === 0 ? CUSHION_MS : DRY_CUSHION_MS;
    return audio.length >= Math.max(frameMs, isSilent ? cushion : 0) * BYTES_PER_MS;
  };

  /** The next frame: a whole one, or the last of its piece. */
  const cut = (head: Queued, now: number): Uint8Array => {
    const behind = now - dueAt() > BEHIND_MS;
    const frame = frameMs * BYTES_PER_MS;
    const most = behind ? Math.max(frame, LARGEST_MS * BYTES_PER_MS) : frame;
    const size = Math.min(most - (most % frame), head.audio.length - (head.audio.length % frame)) || frame;
    const payload = new Uint8Array(size).fill(SILENCE);
    payload.set(head.audio.subarray(0, size));
    head.audio = head.audio.subarray(size);
    return payload;
  };

  const send = (head: Queued, now: number): Out[] => {
    const done = head.finished && head.audio.length === 0;
    if (done) {
      queue.shift();
      return [{ kind: 'checkpoint', piece: head.name, audio_ms: head.sent / BYTES_PER_MS }];
    }
    if (!isReady(head, now)) return [];
    if (ends < now) began = ends = now;
    if (dueAt() > now) return [];
    const payload = cut(head, now);
    const first = head.sent === 0;
    head.sent += payload.length;
    ends += payload.length / BYTES_PER_MS;
    return [{ kind: 'audio', piece: head.name, payload, first }];
  };

  const find = (name: string) => queue.find(piece => piece.name === name);

  return {
    expect: name => {
      if (!find(name)) queue.push({ name, audio: new Uint8Array(), finished: false, sent: 0 });
    },
    append: (name, audio) => {
      const piece = find(name);
      if (piece && !piece.finished) piece.audio = joined(piece.audio, audio);
    },
    finish: name => {
      const piece = find(name);
      if (piece) piece.finished = true;
    },
    drop: () => {
      queue = [];
    },
    hold: now => {
      heldUntil = now + HOLD_MS;
      began = ends = -Infinity;
    },
    release: () => {
      heldUntil = -Infinity;
    },
    due: now => {
      const out: Out[] = [];
      for (let head = queue[0]; head && now >= heldUntil; head = queue[0]) {
        const sent = send(head, now);
        if (sent.length === 0) break;
        out.push(...sent);
      }
      return out;
    },
    next: now => {
      const head = queue[0];
      if (!head) return undefined;
      const at = Math.max(now, heldUntil, head.audio.length === 0 ? now : dueAt());
      return isReady(head, at) ? at : undefined;
    },
  };
}

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  const all = new Uint8Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}
