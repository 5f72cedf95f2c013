/** What the caller was asked, what they decided, and that the call keeps to it. */
import { expect, test } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { flowOf, Line, NOON } from './line.ts';
import { seed } from './patterns.ts';

const talk = (text: string, more: Partial<Action> = {}): Action => ({
  type: 'talk',
  option: { text },
  ...more,
});
const keys: Action = { type: 'digits_receive' };
const decide = (value: string): Action => ({
  type: 'variable_set',
  option: { key: 'recording.consent', value },
});
const record: Action = { type: 'recording_start', option: { format: 'mp3' } };

const press = (line: Line, digits: string) => line.tell({ type: 'digits', digits });
const consent = (...actions: Action[]) => press(new Line(flowOf(actions)), '1').state.consent;

test('the decision is kept with its time and the words that asked for it', () => {
  const line = press(new Line(seed('recording-consent-flow')), '');
  press(line, '1');
  expect(line.state.consent).toEqual({
    decision: 'yes',
    at: NOON + 2000,
    flow: line.library[0]?.id,
    version: 1,
    action: 'consent-prompt',
    words:
      'This call may be recorded for quality assurance and training purposes. Press 1 to continue with recording, or press 2 to continue without recording.',
  });
});

test('the question is all that the document has said, whatever stands between it and the keys', () => {
  const sleep: Action = { type: 'sleep', option: { duration: 1000 } };
  expect(consent(talk('We record.'), sleep, talk('Press 1.'), keys, decide('yes'))).toMatchObject({
    words: 'We record. Press 1.',
    action: '2',
  });
  const play: Action = { id: 'ask', type: 'play', option: { stream_urls: ['https://example.com/ask.mp3'] } };
  expect(consent(play, keys, decide('yes'))).toMatchObject({
    words: 'https://example.com/ask.mp3',
    action: 'ask',
  });
});

test('a prompt that listens itself is a question, and one that says nothing asks it again', () => {
  const ask = talk('May we record?', {
    id: 'ask',
    option: { text: 'May we record?', digits_handle: 'next' },
  });
  const line = new Line(flowOf([ask, keys, decide('no')]));
  press(press(line, ''), '2');
  expect(line.state.consent).toMatchObject({ decision: 'no', words: 'May we record?', action: 'ask' });
});

test('the question of a flow within the flow names that flow', () => {
  const asking = flowOf([talk('May we?', { id: 'ask' }), keys, decide('yes')], { id: 'sub', version: 7 });
  const line = new Line(flowOf([{ type: 'fetch_flow', option: { flow_id: 'sub' } }]), { library: [asking] });
  press(line.load(), '1');
  expect(line.state.consent).toMatchObject({ flow: 'sub', version: 7, action: 'ask' });
});

test('a decision that nobody was asked for has no question', () => {
  expect(new Line(flowOf([decide('yes')])).state.consent).toEqual({ decision: 'yes', at: NOON });
});

test('other variables decide nothing', () => {
  const other: Action = { type: 'variable_set', option: { key: 'consent', value: 'yes' } };
  expect(consent(talk('May we?'), keys, other)).toBeUndefined();
});

test('who has declined is not recorded; what they leave as a message is', () => {
  const line = new Line(flowOf([decide('no'), record, talk('Hello.')]));
  expect(line.verbs.map(({ verb }) => verb)).not.toContain('record_call');
  expect(line.state.path[1]?.result).toBe('failed: the caller has not agreed to be recorded');
  const message: Action = { type: 'recording_start', option: { duration: 30 } };
  expect(new Line(flowOf([decide('no'), message])).waits).toBe('recorded');
  const changed = new Line(flowOf([decide('no'), decide('yes'), record]));
  expect(changed.verbs.map(({ verb }) => verb)).toContain('record_call');
});

test.each([
  'no',
  'NO',
  'No',
  'maybe',
  '',
])('the decision "%s" ends the recording that goes on, after what was said before it', decision => {
  const flow = [record, talk('May we record?'), keys, talk('One moment.'), decide(decision), record, keys];
  const line = press(new Line(flowOf(flow)), '2');
  expect([line.waits, line.spoken, line.effects]).toEqual(['continued', ['One moment.'], []]);
  line.tell({ type: 'continued' });
  expect(line.effects).toMatchObject([{ do: 'stop_recording' }]);
  expect(line.state.consent).toMatchObject({ decision, words: 'May we record?', ended_recording: true });
  expect(line.state.recording).toBeUndefined();
  expect(line.verbs.map(({ verb }) => verb)).not.toContain('record_call');
});

test('a yes, however it is written, lets the recording go on', () => {
  const line = press(new Line(flowOf([record, talk('May we?'), keys, decide('Yes '), keys])), '1');
  expect(line.effects).toEqual([]);
  expect(line.state.recording).toBeDefined();
  expect(line.state.consent).not.toHaveProperty('ended_recording');
});

test('a decision that there is no room for in the variables counts all the same', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`name${at}`, 'x']));
  const line = press(new Line(flowOf([record, keys, decide('no'), keys]), { variables: many }), '2');
  expect(line.effects).toMatchObject([{ do: 'stop_recording' }]);
});

const transcribe: Action = { type: 'transcribe_start', option: { on_end_flow_id: 'read' } };

test.each([
  'no',
  'maybe',
])('the decision "%s" ends a transcription as well, and none begins after it', decision => {
  const flow = [record, transcribe, keys, talk('One moment.'), decide(decision), transcribe, keys];
  const line = press(new Line(flowOf(flow)), '2');
  expect([line.waits, line.effects]).toEqual(['continued', []]);
  line.tell({ type: 'continued' });
  expect(line.effects.map(effect => effect.do)).toEqual([
    'stop_recording',
    'stop_transcription',
    'start_flow',
  ]);
  expect(line.state.consent).toMatchObject({ ended_recording: true, ended_transcription: true });
  expect(line.state.transcription).toBeUndefined();
  expect(line.state.path.at(-2)?.result).toBe('failed: the caller has not agreed to be recorded');
});

test('a yes lets the transcription go on', () => {
  const line = press(new Line(flowOf([transcribe, keys, decide('yes'), keys])), '1');
  expect(line.effects).toEqual([]);
  expect(line.state.transcription).toBeDefined();
  expect(line.state.consent).not.toHaveProperty('ended_transcription');
});
