/**
 * Follows the call's streams in the frame log: finds the newest connection, and reads what the carrier sent there, in
 * order and each once. A call may have several streams one after another; only the newest counts. What came before
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
const WINDOW_MS = 60;
const FRAME_MS = 20;
/** In the place of a lost frame. */
const SILENCE = new Uint8Array(FRAME_MS * 8).fill(MU_LAW_SILENCE);

export interface Heard {
  onStart(place: StreamPlace): void;
  onSound(sound: Sound, concealed: boolean): void;
  /** @param at when it reached us, epoch ms */
  onHappening(event: Exclude<Happening['event'], { event: 'start' }>, at: number): void;
  onClosed(): void;
  /** The frame log cannot be read. */
  onOutage(): void;
}

/** One connection's frames, from its first or from where a predecessor stopped. */
interface Reading {
  connection: string;
  place?: StreamPlace;
  after: number;
  reorder: ReturnType<typeof createReorder>;
  convert?: ReturnType<typeof toMuLaw>;
  closed: boolean;
}

/**
 * Reads until `signal` is aborted.
 * @param from the stream that a predecessor used, and the last sequence that a successor need not hear
 */
export async function follow(
  context: Context,
  call: string,
  from: { place: StreamPlace; after: number } | undefined,
  heard: Heard,
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
      await oneRound(context, call, following, heard, signal);
      lastReadAt = context.now();
    } catch (error) {
      log.warn('The frame log could not be read; again at once', { call, reason: (error as Error).name });
      if (context.now() - lastReadAt > OUTAGE_MS) heard.onOutage();
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
  call: string,
  following: Following,
  heard: Heard,
  signal: AbortSignal,
): Promise<void> {
  if (context.now() >= following.lookAt) {
    const newest = (await context.streams.connections.ofCall(call)).at(-1);
    if (newest && newest.connection !== following.reading?.connection) {
      if (following.reading?.place && !following.reading.closed) heard.onClosed();
      following.reading = begin(newest.connection, -1);
    }
    following.lookAt = following.reading ? context.now() + LOOK_MS : 0;
  }
  const { reading } = following;
  if (reading && (await read(context, reading, heard, signal))) following.lastSoundAt = context.now();
}

function begin(connection: string, after: number, place?: StreamPlace): Reading {
  const reading: Reading = {
    connection,
    after,
    reorder: createReorder({
      windowMs: WINDOW_MS,
      frameMs: FRAME_MS,
      ...(place && after < UNNUMBERED_BASE && { from: after + 1 }),
    }),
    closed: false,
  };
  return place ? { ...reading, place, convert: toMuLaw(place.format) } : reading;
}

/** @returns whether there was audio */
async function read(context: Context, reading: Reading, heard: Heard, signal: AbortSignal): Promise<boolean> {
  const { frames, happenings, after } = await context.streams.log.read(reading.connection, reading.after);
  if (signal.aborted) return false;
  const now = context.now();
  for (const happening of happenings) happen(reading, happening, heard);
  for (const frame of frames) reading.reorder.push(frame, now);
  reading.after = after;
  if (happenings.length > 0) await context.streams.log.forget(reading.connection, happenings);
  if (!reading.convert) return false;
  const sounds = reading.reorder.take(now);
  for (const { audio, sequence, at, concealed } of sounds) {
    const muLaw = concealed ? SILENCE : reading.convert(audio);
    heard.onSound({ audio: muLaw, sequence, at }, concealed);
  }
  return sounds.length > 0;
}

function happen(reading: Reading, { event, at }: Happening, heard: Heard): void {
  if (event.event === 'closed') {
    if (!reading.closed && reading.place) heard.onClosed();
    reading.closed = true;
  } else if (event.event === 'start') {
    if (reading.place) return;
    reading.place = { connection: reading.connection, stream_id: event.streamId, format: event.format };
    reading.convert = toMuLaw(event.format);
    heard.onStart(reading.place);
  } else heard.onHappening(event, at);
}
