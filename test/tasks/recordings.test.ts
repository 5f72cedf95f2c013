/** Recordings: stopped by the carrier when the flow says so, transcribed when all of them are there. */
import { describe, expect, test } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import type { CallRecording } from '../../lambda/call/call.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { CALL, Stage } from './stage.ts';

const RECORD: Action = { type: 'recording_start', option: { wait: false } };

describe('a recording that the flow stops', () => {
  const stopping = async () => {
    const stage = new Stage();
    await stage.begin([{ type: 'answer' }, RECORD, { type: 'recording_stop' }]);
    await stage.continued();
    return stage;
  };

  test('is stopped by the name that the carrier knows', async () => {
    const stage = await stopping();
    await stage.perform();
    expect(stage.carrier.unrecorded).toEqual([CALL]);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('that has ended already is no failure', async () => {
    const stage = await stopping();
    stage.carrier.outcome = { kind: 'gone' };
    await stage.perform();
    expect((await stage.run()).failures).toBeUndefined();
  });

  test('is tried three times, and else a failure', async () => {
    const stage = await stopping();
    stage.carrier.outcome = { kind: 'unavailable', reason: 'no reply' };
    await stage.perform();
    expect(stage.carrier.unrecorded).toHaveLength(3);
    expect((await stage.run()).failures).toMatchObject([{ do: 'stop_recording' }]);
  });
});

describe('recordings to be transcribed', () => {
  const recording = (id: string, url?: string): CallRecording => ({
    ...{ id, kind: 'message', began_at: 0 },
    ...(url && { url }),
  });
  const recorded = (stage: Stage, ...recordings: CallRecording[]) =>
    change(stage.context, CALL, held => ({ ...held, call: { ...held.call, recordings } }));
  const transcribing = async (...recordings: CallRecording[]) => {
    const stage = new Stage();
    const option = { language: 'de-DE', on_end_flow_id: 'read' };
    await stage.begin([{ type: 'transcribe_recording', option }]);
    await recorded(stage, ...recordings);
    stage.tasks.length = 0;
    await stage.perform();
    return stage;
  };
  const task = (id: string) => ({
    kind: 'transcribe_recording',
    call: CALL,
    effect: '0.0',
    recording: id,
    language: 'de-DE',
    on_end_flow: 'read',
  });

  test('are only the messages where the caller has not agreed to be recorded', async () => {
    const stage = new Stage();
    const decision = { key: 'recording.consent', value: 'no' };
    await stage.begin([
      { type: 'transcribe_recording', option: { language: 'de-DE', on_end_flow_id: 'read' } },
      { type: 'variable_set', option: decision },
      { type: 'sleep', option: { duration: 1000 } },
    ]);
    const whole: CallRecording = { ...recording('a', 'https://x/a'), kind: 'call' };
    await recorded(stage, whole, recording('b', 'https://x/b'));
    stage.tasks.length = 0;
    await stage.perform();
    expect(stage.tasks).toMatchObject([{ kind: 'transcribe_recording', recording: 'b' }]);
  });

  test('are each a task', async () => {
    const stage = await transcribing(recording('a', 'https://x/a'), recording('b', 'https://x/b'));
    expect(stage.tasks).toEqual([task('a'), task('b')]);
    expect((await stage.run()).todo).toEqual([]);
  });

  test('are waited for until the last file is there', async () => {
    const stage = await transcribing(recording('a', 'https://x/a'), recording('b'));
    expect(stage.tasks).toEqual([]);
    expect((await stage.run()).todo).toHaveLength(1);
    await recorded(stage, recording('a', 'https://x/a'), recording('b', 'https://x/b'));
    stage.tasks.length = 0;
    await stage.perform();
    expect(stage.tasks).toEqual([task('a'), task('b')]);
  });

  describe('of a call that is being recorded', () => {
    const minutes = (n: number) => n * 60_000;
    const passing = async (stage: Stage, ms: number) => {
      stage.now += ms;
      await stage.perform();
    };
    const recordingCall = async () => {
      const stage = new Stage();
      const wanted = { type: 'transcribe_recording', option: { language: 'de-DE', on_end_flow_id: 'read' } };
      await stage.begin([{ type: 'answer' }, RECORD, wanted, { type: 'sleep', option: { duration: 9000 } }]);
      await stage.perform();
      return stage;
    };
    const transcribed = (stage: Stage) => stage.tasks.filter(({ kind }) => kind === 'transcribe_recording');
    const step = 0;

    test('are waited for, be it for hours, until an hour after its end', async () => {
      const stage = await recordingCall();
      await passing(stage, minutes(180));
      await stage.hangUp();
      await passing(stage, minutes(1));
      await recorded(stage, { ...recording('a'), step });
      await passing(stage, minutes(30));
      expect(transcribed(stage)).toEqual([]);
      await recorded(stage, { ...recording('a', 'https://x/a'), step });
      await passing(stage, minutes(1));
      expect(transcribed(stage)).toMatchObject([{ recording: 'a', language: 'de-DE', on_end_flow: 'read' }]);
      expect((await stage.run()).failures).toBeUndefined();
      expect((await stage.run()).todo).toEqual([]);
    });

    test('are transcribed without one that never began, and without a file that never came', async () => {
      const stage = await recordingCall();
      await recorded(stage, { ...recording('b', 'https://x/b'), step: 99 });
      await stage.hangUp();
      await passing(stage, minutes(1));
      expect(transcribed(stage)).toEqual([]);
      await passing(stage, minutes(1));
      expect(transcribed(stage)).toMatchObject([{ recording: 'b' }]);

      const other = await recordingCall();
      await recorded(other, { ...recording('a'), step }, { ...recording('b', 'https://x/b'), step: 99 });
      await other.hangUp();
      await passing(other, minutes(49));
      expect(transcribed(other)).toEqual([]);
      await passing(other, minutes(1));
      expect(transcribed(other)).toMatchObject([{ recording: 'b' }]);
      expect((await other.run()).failures).toMatchObject([{ why: '1 of 2 recordings came to no file' }]);
    });
  });
});
