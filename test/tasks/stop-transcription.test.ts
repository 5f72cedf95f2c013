/** A transcription that a flow stops: its stream is closed by the carrier, and no other of the call. */
import '../support/quiet.ts';
import { beforeEach, expect, test } from 'vitest';
import { stopTranscription } from '../../lambda/app/stop-transcription.ts';
import type { Call } from '../../lambda/call/call.ts';
import { EMPTY } from '../../lambda/transcription/transcript.ts';
import { CALL, Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = new Stage();
  await stage.begin([
    { type: 'answer' },
    { type: 'transcribe_start' },
    { type: 'sleep', option: { duration: 1000 } },
    { type: 'transcribe_stop' },
  ]);
});

async function call(): Promise<Call> {
  const found = await stage.context.store.calls.one(CALL);
  if (!found) throw new Error('There is no call.');
  return found;
}

const opened = async () => {
  const place = {
    connection: 'c',
    stream_id: 'stream-1',
    format: { encoding: 'mulaw', sampleRate: 8000 },
  } as const;
  await stage.context.store.transcripts.save(await call(), '1', 1, { transcript: EMPTY, place }, []);
};

test('the flow’s stop closes the stream that the session has named', async () => {
  await opened();
  await stage.continued();
  await stage.perform();
  expect((await call()).transcription?.stopped_at).toBeDefined();
  expect(stage.carrier.stopped).toEqual([{ call: CALL, stream: 'stream-1' }]);
});

test('without its name all streams are closed, but not that of an assistant', async () => {
  await stopTranscription(stage.context, await call());
  expect(stage.carrier.stopped).toEqual([{ call: CALL }]);
  await stopTranscription(stage.context, { ...(await call()), state: 'assisted' });
  expect(stage.carrier.stopped).toHaveLength(1);
});

test('a call that is gone is no failure, a carrier that does not answer is one', async () => {
  stage.carrier.outcome = { kind: 'gone' };
  await stopTranscription(stage.context, await call());
  stage.carrier.outcome = { kind: 'unavailable', reason: 'no reply' };
  await expect(stopTranscription(stage.context, await call())).rejects.toThrow('unavailable');
});
