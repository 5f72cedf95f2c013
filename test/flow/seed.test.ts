/** The ten published patterns, as they stand, through every branch. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConnectResult } from '../../lambda/flow/event.ts';
import type { Flow } from '../../lambda/flow/flow.ts';
import { Line } from './line.ts';

const seed = (name: string, id = name): Flow => ({
  ...JSON.parse(readFileSync(new URL(`./seed/${name}.json`, import.meta.url), 'utf8')),
  id,
  version: 1,
});

/** To the end of the call, from the flow's own `hangup`. */
function ends(line: Line): void {
  expect(line.waits).toBe('hung_up');
  expect(line.verbs.at(-1)).toEqual({ verb: 'hangup' });
  line.tell({ type: 'hung_up' });
  expect(line.waits).toBeUndefined();
  expect(line.state.outcome).toBe('completed');
}

function joins(line: Line, queue: string): void {
  expect(line.waits).toBe('queue_left');
  expect(line.effect('join_queue')).toMatchObject({ queue });
  ends(line.tell({ type: 'queue_left', result: 'connected' }));
}

const utc = (text: string) => Date.parse(`${text}Z`);

describe('business hours', () => {
  const open = ['2026-03-02T09:00', '2026-03-04T12:30', '2026-03-06T16:59'];
  test.each(open)('%s: to the queue', time => {
    const line = new Line(seed('business-hours-router'), { now: utc(time) });
    expect(line.spoken).toEqual(['Thank you for calling. Connecting you to an agent.']);
    joins(line, 'support-queue-id');
  });

  const closed = ['2026-03-02T08:59', '2026-03-04T17:00', '2026-03-07T12:00', '2026-03-08T12:00'];
  test.each(closed)('%s: a message', time => {
    const line = new Line(seed('business-hours-router'), { now: utc(time) });
    expect(line.spoken).toHaveLength(1);
    expect(line.spoken[0]).toContain('currently closed');
    expect(line.verbs.slice(1)).toEqual([
      { verb: 'beep' },
      { verb: 'record_message', format: 'mp3', max_secs: 120, silence_secs: 5, end_keys: '', beep: false },
    ]);
    expect(line.waits).toBe('recorded');
    line.tell({ type: 'recorded', secs: 12 });
    expect(line.spoken).toEqual(['Thank you for your message. Goodbye.']);
    ends(line);
  });
});

describe('external data', () => {
  const asked = () => {
    const line = new Line(seed('personalized-greeting'));
    expect(line.effect('http')).toMatchObject({
      url: 'https://your-api.com/customer-lookup',
      method: 'POST',
      body: '{"phone": "+15550001111"}',
      awaited: true,
    });
    return line;
  };
  const answered = (tier: string) =>
    asked().tell({ type: 'answered', status: 200, body: JSON.stringify({ name: 'John', tier }) });

  test('premium', () => {
    const line = answered('premium');
    expect(line.spoken[0]).toBe('Hello John. Welcome back to our service.');
    joins(line, 'premium-queue-id');
  });

  test('vip', () => {
    const line = answered('vip');
    expect(line.verbs.at(-1)).toMatchObject({
      verb: 'dial',
      legs: [{ type: 'number', target: '+15551234567' }],
      caller_id: '+15552223333',
    });
    ends(line.tell({ type: 'dialed', result: 'answered' }));
  });

  test('any other', () => {
    const line = answered('basic');
    expect(line.spoken[1]).toBe('Please hold while we connect you.');
    joins(line, 'standard-queue-id');
  });

  test.each([
    { type: 'answered' } as const,
    { type: 'answered', status: 503, body: '<html>' } as const,
    { type: 'failed', why: 'a private address' } as const,
  ])('the endpoint is down: $status', event => {
    const line = asked().tell(event);
    expect(line.spoken[0]).toBe('Hello . Welcome back to our service.');
    joins(line, 'standard-queue-id');
  });
});

describe('intent routing', () => {
  test.each([
    ['billing', 'billing-queue-id'],
    ['technical', 'tech-support-queue-id'],
    ['cancel', 'retention-queue-id'],
    ['completed', 'general-support-queue-id'],
    ['timeout', 'general-support-queue-id'],
  ])('%s: %s', (status, queue) => {
    const line = new Line(seed('ai-customer-service'));
    expect(line.effect('converse')).toMatchObject({
      assistant: 'your-ai-agent-id',
      language: 'en-US',
      max_secs: 300,
      outcomes: ['billing', 'technical', 'cancel', 'resolved'],
    });
    joins(line.tell({ type: 'conversed', status }), queue);
  });

  test('resolved: goodbye', () => {
    const line = new Line(seed('ai-customer-service')).tell({ type: 'conversed', status: 'resolved' });
    expect(line.spoken).toEqual(['Thank you for calling. Have a great day!']);
    ends(line);
  });

  test('no such assistant: people', () => {
    const line = new Line(seed('ai-customer-service')).tell({ type: 'failed', why: 'no such assistant' });
    expect(line.effect('join_queue')).toMatchObject({ queue: 'default' });
  });
});

describe('consent', () => {
  const asked = () => new Line(seed('recording-consent-flow'));

  test('yes: recorded from then on', () => {
    const line = asked();
    expect(line.verbs).toMatchObject([
      { verb: 'gather', length: 1, window_secs: 10, prompts: [{ verb: 'speak' }] },
    ]);
    line.tell({ type: 'digits', digits: '1' });
    expect(line.verbs[0]).toEqual({ verb: 'record_call', format: 'mp3' });
    expect(line.variable('recording.consent')).toBe('yes');
    joins(line, 'support-queue-id');
  });

  test('no: not recorded', () => {
    const line = asked().tell({ type: 'digits', digits: '2' });
    expect(line.verbs.map(({ verb }) => verb)).toEqual(['speak']);
    expect(line.variable('recording.consent')).toBe('no');
    expect(line.state.recording).toBeUndefined();
    joins(line, 'support-queue-id');
  });

  test('nothing, or another key: asked again, and not recorded', () => {
    const line = asked();
    for (const digits of ['', '9', '']) {
      line.tell({ type: 'digits', digits });
      expect(line.verbs).toMatchObject([{ verb: 'gather' }]);
      expect(line.state.recording).toBeUndefined();
    }
    joins(line.tell({ type: 'digits', digits: '1' }), 'support-queue-id');
  });
});

describe('callback', () => {
  const offered = () => new Line(seed('callback-option-flow'));

  test('to wait', () => {
    const line = offered().tell({ type: 'digits', digits: '1' });
    joins(line, 'support-queue-id');
  });

  test('nothing: offered again', () => {
    expect(offered().tell({ type: 'digits', digits: '' }).spoken[0]).toContain(
      'press 2 to receive a callback',
    );
  });

  test.each([
    ['the own number', '#', '+15550001111'],
    ['another number', '5557654321#', '5557654321'],
  ])('%s', (_, digits, number) => {
    const line = offered().tell({ type: 'digits', digits: '2' });
    expect(line.verbs).toMatchObject([{ verb: 'gather', length: 15, window_secs: 15, pause_secs: 2 }]);
    line.tell({ type: 'digits', digits });
    expect(line.variable('callback.number')).toBe(number);
    expect(line.effect('http')).toMatchObject({
      url: 'https://your-api.com/schedule-callback',
      body: `{"phone": "${number}", "call_id": "call-1"}`,
    });
    line.tell({ type: 'answered', status: 200, body: '' });
    expect(line.spoken[0]).toContain(`a callback at ${number} within`);
    ends(line);
  });
});

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
