/** What the carrier says on a stream, as Vobiz writes it: ids nested in `start`, times as strings, `extra_headers` empty. */
import type { StreamPlan } from './plan.ts';
import type { SoundFormat } from './sound.ts';

const ACCOUNT = '500025';
const EXTRA_HEADERS = '{}';

type Tracks = StreamPlan['tracks'];

export const startMessage = (callId: string, streamId: string, tracks: Tracks, format: SoundFormat) => ({
  sequenceNumber: 0,
  event: 'start',
  start: {
    callId,
    streamId,
    accountId: ACCOUNT,
    tracks,
    mediaFormat: { encoding: format.encoding, sampleRate: format.rate },
  },
  extra_headers: EXTRA_HEADERS,
});

/** @param at carrier time, epoch ms */
export const mediaMessage = (
  streamId: string,
  sequenceNumber: number,
  { track, at, chunk, payload }: { track: Tracks[number]; at: number; chunk: number; payload: string },
) => ({
  sequenceNumber,
  streamId,
  event: 'media',
  media: { track, timestamp: String(at), chunk, payload },
  extra_headers: EXTRA_HEADERS,
});

export const keyMessage = (streamId: string, sequenceNumber: number, digit: string, at: number) => ({
  event: 'dtmf',
  sequenceNumber,
  streamId,
  dtmf: { track: 'inbound', digit, timestamp: String(at) },
  extra_headers: EXTRA_HEADERS,
});

export const playedMessage = (name: string) => ({ event: 'playedStream', name });

export const clearedMessage = (streamId: string) => ({ sequenceNumber: 0, event: 'clearedAudio', streamId });
