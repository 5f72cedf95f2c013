/** What a carrier says on a stream, as it says it, and the events in which API Gateway brings it. */
import type { StreamRequest } from '../../lambda/stream/serve.ts';

export const SILENCE = new Uint8Array(160).fill(0xff);

export const start = (callId: string, streamId = `stream of ${callId}`) => ({
  sequenceNumber: 0,
  event: 'start',
  start: {
    callId,
    streamId,
    accountId: '500025',
    tracks: ['inbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000 },
  },
  extra_headers: '{}',
});

/** @param chunk undefined for a carrier that does not number its frames */
export const media = (chunk: number | undefined, audio: Uint8Array = SILENCE, track = 'inbound') => ({
  event: 'media',
  ...(chunk !== undefined && { sequenceNumber: chunk }),
  media: { track, timestamp: '1778597597091', ...(chunk !== undefined && { chunk }), payload: base64(audio) },
  extra_headers: '{}',
});

export const played = (name: string) => ({ event: 'playedStream', name });

const base64 = (audio: Uint8Array) => Buffer.from(audio).toString('base64');

export const opening = (connectionId: string, token?: string): StreamRequest => ({
  requestContext: { routeKey: '$connect', connectionId },
  ...(token !== undefined && { queryStringParameters: { token } }),
});

export const closing = (connectionId: string): StreamRequest => ({
  requestContext: { routeKey: '$disconnect', connectionId },
});

/** @param message an object, or the text itself */
export const message = (connectionId: string, message: object | string): StreamRequest => ({
  requestContext: { routeKey: '$default', connectionId },
  body: typeof message === 'string' ? message : JSON.stringify(message),
});
