/** Stream commands to the letter of the carrier's documentation. */
import { expect, it } from 'vitest';
import { checkpoint, clearAudio, playAudio, stopStream } from '../../lambda/vobiz/stream-commands.ts';

const STREAM = 'c4dfd815-0000-4000-8000-000000000001';

it.each([
  [
    playAudio(STREAM, Uint8Array.of(255, 127, 0)),
    `{"event":"playAudio","streamId":"${STREAM}","media":{"contentType":"audio/x-mulaw","sampleRate":8000,"payload":"/38A"}}`,
  ],
  [checkpoint(STREAM, 'response-3'), `{"event":"checkpoint","streamId":"${STREAM}","name":"response-3"}`],
  [clearAudio(STREAM), `{"event":"clearAudio","streamId":"${STREAM}"}`],
  [stopStream(STREAM), `{"event":"stop","streamId":"${STREAM}"}`],
])('%s', (command, documented) => {
  expect(command).toBe(documented);
});

it('plays the part of a buffer that it is given', () => {
  const part = Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 4);
  expect(JSON.parse(playAudio(STREAM, part)).media.payload).toBe('AgME');
});

it('escapes what a name or an id holds', () => {
  expect(JSON.parse(checkpoint('s"1', 'a"b\n'))).toEqual({
    event: 'checkpoint',
    streamId: 's"1',
    name: 'a"b\n',
  });
});
