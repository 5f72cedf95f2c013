/**
 * What the carrier says on a media stream, one JSON message each, in every shape it is known to use: ids inside
 * `start` or beside it, a frame's number under three names, numbers as strings. Reading never throws: whatever
 * arrives is an event or one of four reasons why not. It is on the path of every frame, so it costs 2 µs at most.
 */
import { type MediaFormat, readMediaFormat } from './media-format.ts';

export type StreamEvent = Start | Media | Dtmf | PlayedStream | ClearedAudio | Stop;

export interface Start {
  event: 'start';
  /** CallUUID of the leg, for comparison with what the token was issued for. */
  callId: string;
  /** New with every connection; each command must name it. */
  streamId: string;
  tracks?: string[];
  /** Absent when it is none that can be read here: the call's stream all the same, but nothing to listen to. */
  format?: MediaFormat;
}

export interface Media {
  event: 'media';
  streamId?: string;
  /** Grows by one with each frame. */
  sequence?: number;
  /** Epoch ms by the carrier's clock. */
  timestamp?: number;
  track?: string;
  /** As the format of `start` says. */
  payload: Uint8Array;
}

export interface Dtmf {
  event: 'dtmf';
  /** One of 0-9 * # A-D. */
  digit: string;
}

/** All audio sent before the checkpoint of that name has been heard. */
export interface PlayedStream {
  event: 'playedStream';
  name: string;
}

/** The audio that waited to be played is gone, its checkpoints with it. */
export interface ClearedAudio {
  event: 'clearedAudio';
}

/** May never come: the socket just closes. */
export interface Stop {
  event: 'stop';
}

export type StreamReading =
  | { ok: true; event: StreamEvent }
  | { ok: false; reason: 'not_json' | 'unknown_event' | 'malformed' | 'oversized' };

/** Characters. A genuine frame has about 400. */
const LONGEST_MESSAGE = 8192;
/** Decoded bytes. 20 ms of what is asked for have 160; 60 ms of the richest format that streams have 2880. */
const LARGEST_PAYLOAD = 4096;
const LONGEST_NAME = 256;
/** Numbers beyond it are no count of frames, and the frame log keeps other things there. */
const LARGEST_SEQUENCE = 1e12;

type Json = Readonly<Record<string, unknown>>;

export function readStreamEvent(text: string): StreamReading {
  if (text.length > LONGEST_MESSAGE) return { ok: false, reason: 'oversized' };
  const message = parse(text);
  if (message === undefined) return { ok: false, reason: 'not_json' };
  const event = eventIn(object(message));
  return typeof event === 'string' ? { ok: false, reason: event } : { ok: true, event };
}

function eventIn(message: Json): StreamEvent | 'unknown_event' | 'malformed' | 'oversized' {
  switch (message.event) {
    case 'media':
      return media(message);
    case 'start':
      return start(message) ?? 'malformed';
    case 'dtmf':
      return dtmf(message) ?? 'malformed';
    case 'playedStream': {
      const name = word(message.name);
      return name === undefined ? 'malformed' : { event: 'playedStream', name };
    }
    case 'clearedAudio':
    case 'stop':
      return { event: message.event };
    default:
      return 'unknown_event';
  }
}

function start(message: Json): Start | undefined {
  const inner = object(message.start);
  const callId = word(inner.callId) ?? word(message.callId);
  const streamId = word(inner.streamId) ?? word(message.streamId);
  const format = readMediaFormat(inner.mediaFormat ?? message.mediaFormat);
  if (callId === undefined || streamId === undefined) return undefined;
  const tracks = Array.isArray(inner.tracks) ? inner.tracks.filter(track => word(track) !== undefined) : [];
  return {
    event: 'start',
    callId,
    streamId,
    ...(tracks.length > 0 && { tracks }),
    ...(format && { format }),
  };
}

/** Strict base64: Node's own decoder skips what it does not know. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

function media(message: Json): Media | 'malformed' | 'oversized' {
  const inner = object(message.media);
  const { payload } = inner;
  if (typeof payload !== 'string' || payload.length % 4 !== 0 || !BASE64.test(payload)) return 'malformed';
  const audio = bytesOf(payload);
  if (audio.length > LARGEST_PAYLOAD) return 'oversized';
  const found: Media = { event: 'media', payload: audio };
  const streamId = word(message.streamId);
  const sequence = count(inner.chunk) ?? count(inner.chunkId) ?? count(message.sequenceNumber);
  const timestamp = count(inner.timestamp, Number.MAX_SAFE_INTEGER);
  const track = word(inner.track);
  if (streamId !== undefined) found.streamId = streamId;
  if (sequence !== undefined) found.sequence = sequence;
  if (timestamp !== undefined) found.timestamp = timestamp;
  if (track !== undefined) found.track = track;
  return found;
}

/** As a plain array over the memory of Node's buffer, whose `slice` means something else; a copy costs as much as all. */
function bytesOf(base64: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(base64, 'base64');
  return new Uint8Array(buffer, byteOffset, length);
}

function dtmf(message: Json): Dtmf | undefined {
  const digit = String(object(message.dtmf).digit ?? message.digit).toUpperCase();
  return /^[0-9*#A-D]$/.test(digit) ? { event: 'dtmf', digit } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An empty object for what is none, so that its fields are just absent. */
const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null ? (value as Json) : NOTHING;
const NOTHING: Json = {};

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME ? value : undefined;
}

/** A whole number from 0 on, as a number or in digits. */
function count(value: unknown, largest = LARGEST_SEQUENCE): number | undefined {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= largest
    ? number
    : undefined;
}
