/** A recording's transcript: stored once, told under one name, followed by its flow, however often the task comes. */
import '../support/quiet.ts';
import { beforeEach, expect, test } from 'vitest';
import { change } from '../../lambda/app/change.ts';
import { transcribeRecording } from '../../lambda/tasks/transcribe-recording.ts';
import type { Utterance } from '../../lambda/voice/providers/provider.ts';
import { CALL, START, Stage } from './stage.ts';

const URL = 'https://media.vobiz.ai/r1.mp3';
const HOOK = 'https://crm.example.com/transcripts';
const TASK = {
  kind: 'transcribe_recording' as const,
  call: CALL,
  effect: '0.0',
  recording: 'r1',
  language: 'en-US',
};

let stage: Stage;
let asked: number;
let said: Utterance[];

beforeEach(async () => {
  asked = 0;
  said = [
    { text: 'Hello.', began: 0.5, ended: 1 },
    { text: 'Call me back.', began: 2, ended: 3.2 },
  ];
  stage = new Stage({ TRANSCRIPT_WEBHOOK_URL: HOOK });
  stage.context.transcribeFile = async () => {
    asked++;
    return said;
  };
  stage.carrier.files.set(URL, { kind: 'ok', bytes: new Uint8Array(4), type: 'audio/mpeg' });
  await stage.begin([{ type: 'answer' }, { type: 'sleep', option: { duration: 1000 } }]);
  await change(stage.context, CALL, held => ({
    ...held,
    call: { ...held.call, recordings: [{ id: 'r1', kind: 'message', began_at: START, url: URL }] },
  }));
});

const stored = () => stage.context.store.transcripts.ofCall(CALL);

test('is stored with the times of the call, and told', async () => {
  await transcribeRecording(stage.context, TASK);
  expect(await stored()).toMatchObject([
    {
      name: 'Rr1/en-US',
      entries: [
        { n: 1, who: 'caller', text: 'Hello.', at: START + 500, ended_at: START + 1000 },
        { n: 2, who: 'caller', text: 'Call me back.', at: START + 2000 },
      ],
    },
  ]);
  const [post] = stage.requests;
  expect(post?.url).toBe(HOOK);
  expect(JSON.parse(post?.body ?? '')).toMatchObject({
    type: 'transcript.recording',
    recording_id: 'r1',
    entries: [{ text: 'Hello.' }, { text: 'Call me back.' }],
  });
});

test('an endpoint that fails makes the task fail; repeated, it tells the same news and asks no transcriber again', async () => {
  stage.reply = (_, n) => ({ status: n === 1 ? 500 : 200, text: '' });
  await expect(transcribeRecording(stage.context, TASK)).rejects.toThrow('500');
  await transcribeRecording(stage.context, TASK);
  await transcribeRecording(stage.context, TASK);
  expect(asked).toBe(1);
  expect(new Set(stage.requests.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
});

test('of an hour is stored whole', async () => {
  said = Array.from({ length: 250 }, (_, at) => ({ text: `words ${at}`, began: at, ended: at + 0.5 }));
  await transcribeRecording(stage.context, TASK);
  expect((await stored())[0]?.entries.map(({ n }) => n)).toEqual(said.map((_, at) => at + 1));
});

test('that nobody spoke in is known as such', async () => {
  said = [];
  await transcribeRecording(stage.context, TASK);
  await transcribeRecording(stage.context, TASK);
  expect(asked).toBe(1);
  expect((await stored())[0]?.transcript.ended_at).toBe(stage.now);
});

test('whose file cannot be had makes the task fail, and nothing is stored', async () => {
  stage.carrier.files.clear();
  await expect(transcribeRecording(stage.context, TASK)).rejects.toThrow('gone');
  expect(await stored()).toEqual([]);
});

test('is followed by its flow, once, which the sweeper sees to', async () => {
  await stage.save({ id: 'after', actions: [{ type: 'stop' }] });
  const task = { ...TASK, on_end_flow: 'after' };
  stage.tasks.length = 0;
  await transcribeRecording(stage.context, task);
  await transcribeRecording(stage.context, task);
  expect((await stage.run()).todo).toMatchObject([{ effect: { do: 'start_flow', flow: 'after' } }]);
  expect(stage.tasks).toEqual([{ kind: 'effects', call: CALL }]);
  await stage.perform();
  await transcribeRecording(stage.context, task);
  await stage.perform();
  expect((await stage.run()).todo).toEqual([]);
  const runs = await stage.context.store.runs.list(CALL);
  expect(runs.map(({ id, run }) => [id, run.flow, run.state.outcome])).toEqual([
    ['0.0.transcribed.r1', 'after', 'completed'],
  ]);
});

test('in another language is another one, with a flow of its own', async () => {
  for (const id of ['after', 'danach']) await stage.save({ id, actions: [{ type: 'stop' }] });
  await transcribeRecording(stage.context, { ...TASK, on_end_flow: 'after' });
  await transcribeRecording(stage.context, {
    ...{ ...TASK, effect: '0.1' },
    ...{ language: 'de-DE', on_end_flow: 'danach' },
  });
  await stage.perform();
  expect(asked).toBe(2);
  expect((await stored()).map(({ name }) => name)).toEqual(['Rr1/de-DE', 'Rr1/en-US']);
  expect(stage.requests.map(({ body }) => JSON.parse(body ?? '').language)).toEqual(['en-US', 'de-DE']);
  expect(new Set(stage.ids).size).toBe(2);
  const runs = await stage.context.store.runs.list(CALL);
  expect(runs.map(({ run }) => run.flow)).toEqual(['after', 'danach']);
});
