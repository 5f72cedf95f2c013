/** Five of the ten published patterns, unchanged, through every branch. */
import { describe, expect, test } from 'vitest';
import { Line } from './line.ts';
import { ends, joins, seed } from './patterns.ts';

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

  test('the caller hangs up on the assistant', () => {
    const line = new Line(seed('ai-customer-service')).tell({ type: 'hung_up' });
    expect(line.variable('voipbin.aicall.status')).toBe('hangup');
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
