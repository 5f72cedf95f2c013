/** What the carrier can be told on a media stream, one JSON message each; all of them name the stream. */

/** Plays µ-law of 8 kHz after what already waits. 20 to 60 ms at a time, raw, without a header. */
export function playAudio(streamId: string, payload: Uint8Array): string {
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  const media = { contentType: 'audio/x-mulaw', sampleRate: 8000, payload: base64 };
  return JSON.stringify({ event: 'playAudio', streamId, media });
}

/** Asks for `playedStream` when all audio sent so far has been heard. Names must not repeat within a stream. */
export function checkpoint(streamId: string, name: string): string {
  return JSON.stringify({ event: 'checkpoint', streamId, name });
}

/** Drops what waits to be played, checkpoints included; new audio should wait for `clearedAudio`. */
export function clearAudio(streamId: string): string {
  return JSON.stringify({ event: 'clearAudio', streamId });
}

/** Ends the stream; the call goes on with what follows it in the document. */
export function stopStream(streamId: string): string {
  return JSON.stringify({ event: 'stop', streamId });
}
