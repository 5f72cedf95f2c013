/** The other five of the ten published patterns, unchanged, through every branch. */
import { describe, expect, test } from 'vitest';
import type { ConnectResult } from '../../lambda/flow/event.ts';
import { Line } from './line.ts';
import { ends, joins, seed } from './patterns.ts';

describe('survey', () => {
  test('follows the call, with its variables', () => {
    const line = new Line({ ...seed('support-call') });
    expect(line.verbs[1]).toEqual({ verb: 'record_call', format: 'mp3' });
    line.tell({ type: 'queue_left', result: 'connected' });
    expect(line.effects).toEqual([]);
    line.tell({ type: 'hung_up' });
    expect(line.effect('start_flow')).toMatchObject({
      flow: 'post-call-survey-flow-id',
      completes: 1,
      variables: { 'voipbin.call.id': 'call-1', 'queue.result': 'connected' },
    });
  });

  test('follows a call that was abandoned in the queue', () => {
    const line = new Line(seed('support-call')).tell({ type: 'hung_up' });
    expect(line.state.outcome).toBe('hung_up');
    expect(line.effect('start_flow').flow).toBe('post-call-survey-flow-id');
  });

  test('calls the caller, and leaves its questions’ variables to the new call', () => {
    const line = new Line(seed('post-call-survey'), { onCall: false });
    expect(line.waits).toBeUndefined();
    const { to, from, actions = [], variables } = line.effect('call');
    expect({ to, from }).toEqual({ to: ['+15550001111'], from: '+15551234567' });
    const own = { 'voipbin.call.id': 'call-2', 'voipbin.call.digits': '' };
    const survey = new Line(
      { id: '', version: 0, name: '', actions },
      { variables: { ...variables, ...own } },
    );
    expect(survey.spoken[0]).toContain('On a scale of 1 to 5');
    survey.tell({ type: 'digits', digits: '4' });
    expect(survey.spoken[0]).toContain('Was your issue resolved?');
    survey.tell({ type: 'digits', digits: '1' });
    expect(survey.effect('http')).toMatchObject({
      url: 'https://your-api.com/survey-results',
      body: '{"call_id": "call-2", "satisfaction": "4", "resolved": "1"}',
      awaited: false,
    });
    expect(survey.spoken).toEqual(['Thank you for your feedback. Goodbye.']);
    expect(survey.variable('voipbin.call.master_call_id')).toBe('call-1');
    ends(survey);
  });
});

describe('failover', () => {
  const rung = (line: Line) => line.verbs.find(({ verb }) => verb === 'dial');
  const dialed = (line: Line, result: ConnectResult) => line.tell({ type: 'dialed', result });

  test('the first answers', () => {
    const line = new Line(seed('failover-flow'));
    expect(rung(line)).toMatchObject({ legs: [{ target: '+15559876543' }], caller_id: '+15551234567' });
    ends(dialed(line, 'answered'));
  });

  test.each(['busy', 'noanswer', 'failed'] as const)('the second answers after %s', result => {
    const line = dialed(new Line(seed('failover-flow')), result);
    expect(line.spoken).toEqual(['Agent unavailable. Trying alternate contact.']);
    expect(rung(line)).toMatchObject({ legs: [{ target: '+15551112222' }] });
    ends(dialed(line, 'answered'));
  });

  test('nobody answers: the queue', () => {
    const line = dialed(dialed(new Line(seed('failover-flow')), 'noanswer'), 'busy');
    expect(line.spoken[0]).toContain('All direct contacts unavailable');
    joins(line, 'support-queue-id');
  });
});

describe('languages', () => {
  const library = [seed('main-menu', 'main-menu-flow-id')];

  test.each([
    ['1', 'en-US'],
    ['2', 'es-ES'],
    ['3', 'fr-FR'],
    ['9', 'en-US'],
    ['', 'en-US'],
  ])('key %s: %s', (digits, language) => {
    const line = new Line(seed('multi-language-ivr'), { library });
    expect(line.xml).toContain('<lang xml:lang="es-ES">Para Espanol, marque 2.</lang>');
    line.tell({ type: 'digits', digits });
    expect(line.effect('load_flow').flow).toBe('main-menu-flow-id');
    line.load();
    expect(line.verbs[0]).toMatchObject({ verb: 'speak', language });
    ends(line);
  });

  test('the menu is not there: people', () => {
    const line = new Line(seed('multi-language-ivr')).tell({ type: 'digits', digits: '1' }).load();
    expect(line.effect('join_queue').queue).toBe('default');
    expect(line.state.fell_back).toEqual({ because: 'failed', why: 'there is no such flow' });
  });
});

describe('ring all', () => {
  test.each(['answered', 'noanswer'] as const)('%s', result => {
    const line = new Line(seed('ring-all-flow'));
    expect(line.verbs.at(-1)).toMatchObject({
      verb: 'dial',
      legs: [{ target: '+15559876543' }, { target: '+15551112222' }, { target: '+15553334444' }],
    });
    line.tell({ type: 'dialed', result, by: '+15551112222' });
    expect(line.variable('connect.answered_by')).toBe('+15551112222');
    ends(line);
  });
});

test('transcription: from before the agent until after', () => {
  const line = new Line(seed('transcribed-call-flow'));
  expect(line.effect('start_transcription')).toMatchObject({ language: 'en-US', track: 'both' });
  expect(line.verbs.map(({ verb }) => verb)).toEqual(['silence', 'transcribe', 'speak']);
  expect(line.waits).toBe('queue_left');
  line.tell({ type: 'queue_left', result: 'connected' });
  line.effect('stop_transcription');
  ends(line);
});
