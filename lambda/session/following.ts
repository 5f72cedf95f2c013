/**
 * Follows a stream in the frame log: finds its newest connection, and reads what the carrier sent there, in order and
 * each once. A stream may have several connections one after another; only the newest counts. What came before
 * `start` waits for it, since only `start` says what the audio is.
 */
import type { Context } from '../app/context.ts';
import { MU_LAW_SILENCE } from '../codec/mu-law.ts';
import { toMuLaw } from '../codec/to-mu-law.ts';
import { type Happening, UNNUMBERED_BASE } from '../media/frame-log.ts';
import { createReorder } from '../media/reorder.ts';
import { log } from '../platform/log.ts';
import type { StreamPlace } from '../store/conversations.ts';
import type { Sound } from './sound.ts';

/** A round of reading while audio flows, and when none has come for a while. */
const POLL_MS = 30;
const IDLE_POLL_MS = 250;
const IDLE_AFTER_MS = 2000;
/** How often it is looked whether the carrier has opened another stream. */
const LOOK_MS = 500;
/** The log may be away that long; then the caller is better off with people. */
const OUTAGE_MS = 3000;
/** Frames without a `start` before them. */
const NO_START_MS = 3000;
const MU_LAW = { encoding: 'mulaw', sampleRate: 8000 } as const;
/** More than frames are late by, and what the way through the log adds. */
const WINDOW_MS = 100;
const FRAME_MS = 20;
/** In the place of a lost frame. */
const SILENCE = new Uint8Array(FRAME_MS * 8).fill(MU_LAW_SILENCE);

export interface StreamListener {
  onStart(place: StreamPlace): void;
  onSound(sound: Sound, concealed: boolean): void;
  /** @param at when it reached us, epoch ms */
  onHappening(event: Exclude<Happening['event'], { event: 'start' }>, at: number): void;
  onClosed(): void;
  /** The frame log cannot be read, or what is in it is no stream that can be used. */
  onUseless(why: 'frame_log' | 'no_start' | 'format'): void;
}

/** One connection's frames, from its first or from where a predecessor stopped. */
interface Reading {
  connection: string;
  place?: StreamPlace;
  after: number;
  reorder: ReturnType<typeof createReorder>;
  convert?: ReturnType<typeof toMuLaw>;
  closed: boolean;
  /** Happenings that have been passed on; their removal from the log may fail. */
  handled: Set<number>;
  /** When its first frame was read. */
  heardAt?: number;
}

/**
 * Reads until `signal` is aborted.
 * @param stream its name
 * @param from the stream that a predecessor used, and the last sequence that a successor need not hear
 */
export async function follow(
  context: Context,
  stream: string,
  from: { place: StreamPlace; after: number } | undefined,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  const following: Following = {
    reading: from && begin(from.place.connection, from.after, from.place),
    lookAt: 0,
    lastSoundAt: context.now(),
  };
  let lastReadAt = context.now();
  while (!signal.aborted) {
    const now = context.now();
    try {
      await oneRound(context, stream, following, listener, signal);
      lastReadAt = context.now();
    } catch (error) {
      log.warn('The frame log could not be read; again at once', { stream, reason: (error as Error).name });
      if (context.now() - lastReadAt > OUTAGE_MS) listener.onUseless('frame_log');
    }
    const idle = following.reading && context.now() - following.lastSoundAt > IDLE_AFTER_MS;
    await context.pause(Math.max(1, (idle ? IDLE_POLL_MS : POLL_MS) - (context.now() - now)));
  }
}

interface Following {
  reading: Reading | undefined;
  /** When to look for another stream. */
  lookAt: number;
  lastSoundAt: number;
}

async function oneRound(
  context: Context,
  stream: string,
  following: Following,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  if (context.now() >= following.lookAt) {
    const newest = (await context.streams.connections.ofStream(stream)).at(-1);
    if (newest && newest.connection !== following.reading?.connection) {
      if (following.reading?.place && !following.reading.closed) listener.onClosed();
      following.reading = begin(newest.connection, -1);
    }
    following.lookAt = following.reading ? context.now() + LOOK_MS : 0;
  }
  const { reading } = following;
  if (reading && (await read(context, reading, listener, signal))) following.lastSoundAt = context.now();
}

function begin(connection: string, after: number, place?: StreamPlace): Reading {
  const reading: Reading = {
    connection,
    after,
    reorder: createReorder({
      windowMs: WINDOW_MS,
      ...(place && after < UNNUMBERED_BASE && { from: after + 1 }),
    }),
    closed: false,
    handled: new Set(),
  };
  return place ? { ...reading, place, convert: toMuLaw(place.format) } : reading;
}

/** @returns whether there was audio */
async function read(
  context: Context,
  reading: Reading,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<boolean> {
  const { frames, happenings, after } = await context.streams.log.read(reading.connection, reading.after);
  if (signal.aborted) return false;
  const now = context.now();
  for (const happening of happenings) happen(reading, happening, listener);
  if (frames.length > 0) reading.heardAt ??= now;
  if (!reading.place && now - (reading.heardAt ?? now) > NO_START_MS) listener.onUseless('no_start');
  for (const frame of frames) reading.reorder.push(frame, now);
  reading.after = after;
  forget(context, reading, happenings);
  if (!reading.convert) return false;
  const sounds = reading.reorder.take(now);
  for (const { audio, sequence, at, concealed } of sounds) {
    const muLaw = concealed ? SILENCE : reading.convert(audio);
    listener.onSound({ audio: muLaw, sequence, at }, concealed);
  }
  return sounds.length > 0;
}

/** `start` stays, for a successor that begins before this session has stored the stream. */
function forget(context: Context, { connection }: Reading, happenings: Happening[]): void {
  const done = happenings.filter(({ event }) => event.event !== 'start');
  if (done.length === 0) return;
  context.streams.log.forget(connection, done).catch(error =>
    log.warn('What has happened could not be removed from the frame log', {
      reason: (error as Error).name,
    }),
  );
}

function happen(reading: Reading, { id, event, at }: Happening, listener: StreamListener): void {
  if (reading.handled.has(id)) return;
  reading.handled.add(id);
  if (event.event === 'closed') {
    if (!reading.closed && reading.place) listener.onClosed();
    reading.closed = true;
  } else if (event.event === 'start') {
    if (reading.place) return;
    const { streamId: stream_id, format } = event;
    reading.place = { connection: reading.connection, stream_id, format: format ?? MU_LAW };
    listener.onStart(reading.place);
    if (format) reading.convert = toMuLaw(format);
    else listener.onUseless('format');
  } else listener.onHappening(event, at);
}
