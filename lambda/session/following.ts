/**
 * Follows a stream in the frame log: finds its newest connection, and reads what the carrier sent there, in order and
 * each once. A stream may have several connections one after another; only the newest counts. What came before
 * `start` waits for it, since only `start` says what the audio is. Each track is a course of its own: a carrier that
 * numbers the frames of both in one row leaves gaps in each, which cost 100 ms of waiting and else nothing.
 */
import type { Context } from '../app/context.ts';
import { MU_LAW_SILENCE } from '../codec/mu-law.ts';
import { toMuLaw } from '../codec/to-mu-law.ts';
import {
  type FrameReading,
  type Happening,
  laneOf,
  type Track,
  UNNUMBERED_BASE,
} from '../media/frame-log.ts';
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
  onSound(sound: Sound, concealed: boolean, track: Track): void;
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
  lanes: Lane[];
  closed: boolean;
  /** Happenings that have been passed on; their removal from the log may fail. */
  handled: Set<number>;
  /** When its first frame was read. */
  heardAt?: number;
}

/** One track of it. */
interface Lane {
  track: Track;
  after: number;
  reorder: ReturnType<typeof createReorder>;
  convert?: ReturnType<typeof toMuLaw>;
}

/** The last sequence of each track that need not be heard; of a track that is not named, all is heard. */
export type After = Partial<Record<Track, number>>;

/** What to listen to: the stream of that name, and of it these tracks; the first has the events, too. */
export interface Source {
  stream: string;
  tracks: readonly ['inbound', ...Track[]];
  /** The connection that a predecessor used, and how far a successor need not hear it. */
  from?: { place: StreamPlace; after: After } | undefined;
}

/** Reads until `signal` is aborted. */
export async function follow(
  context: Context,
  source: Source,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  const { stream, tracks, from } = source;
  const following: Following = {
    reading: from && begin(from.place.connection, tracks, from.after, from.place),
    lookAt: 0,
    lastSoundAt: context.now(),
  };
  let lastReadAt = context.now();
  while (!signal.aborted) {
    const now = context.now();
    try {
      await oneRound(context, source, following, listener, signal);
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
  { stream, tracks }: Source,
  following: Following,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<void> {
  if (context.now() >= following.lookAt) {
    const newest = (await context.streams.connections.ofStream(stream)).at(-1);
    if (newest && newest.connection !== following.reading?.connection) {
      if (following.reading?.place && !following.reading.closed) listener.onClosed();
      following.reading = begin(newest.connection, tracks);
    }
    following.lookAt = following.reading ? context.now() + LOOK_MS : 0;
  }
  const { reading } = following;
  if (reading && (await read(context, reading, listener, signal))) following.lastSoundAt = context.now();
}

function begin(connection: string, tracks: readonly Track[], from: After = {}, place?: StreamPlace): Reading {
  const lanes = tracks.map((track): Lane => {
    const after = from[track] ?? -1;
    const isKnown = place && after < UNNUMBERED_BASE;
    return {
      track,
      after,
      reorder: createReorder({ windowMs: WINDOW_MS, ...(isKnown && { from: after + 1 }) }),
      ...(place && { convert: toMuLaw(place.format) }),
    };
  });
  return { connection, lanes, closed: false, handled: new Set(), ...(place && { place }) };
}

/** @returns whether there was audio */
async function read(
  context: Context,
  reading: Reading,
  listener: StreamListener,
  signal: AbortSignal,
): Promise<boolean> {
  const { connection, lanes } = reading;
  const { log: frames } = context.streams;
  const found = await Promise.all(
    lanes.map(({ track, after }) => frames.read(laneOf(connection, track), after)),
  );
  const happenings = found.flatMap(one => one.happenings);
  if (signal.aborted) return false;
  const now = context.now();
  for (const happening of happenings) happen(reading, happening, listener);
  if (found.some(one => one.frames.length > 0)) reading.heardAt ??= now;
  if (!reading.place && now - (reading.heardAt ?? now) > NO_START_MS) listener.onUseless('no_start');
  forget(context, reading, happenings);
  const heard = lanes.map((lane, index) => hear(lane, found[index], listener, now));
  return heard.some(Boolean);
}

/** @returns whether there was audio */
function hear(lane: Lane, found: FrameReading | undefined, listener: StreamListener, now: number): boolean {
  const { reorder, convert, track } = lane;
  for (const frame of found?.frames ?? []) reorder.push(frame, now);
  lane.after = found?.after ?? lane.after;
  if (!convert) return false;
  const sounds = reorder.take(now);
  for (const { audio, sequence, at, concealed } of sounds) {
    const muLaw = concealed ? SILENCE : convert(audio);
    listener.onSound({ audio: muLaw, sequence, at }, concealed, track);
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
    if (format) for (const lane of reading.lanes) lane.convert = toMuLaw(format);
    else listener.onUseless('format');
  } else listener.onHappening(event, at);
}
