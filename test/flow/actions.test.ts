/** What each action does: verbs, effects, variables, and where the flow goes. */
import { describe, expect, test } from 'vitest';
import { isRefused } from '../../lambda/flow/action.ts';
import type { Action } from '../../lambda/flow/flow.ts';
import { ACTIONS } from '../../lambda/flow/registry.ts';
import { type Cases, tel } from './cases/case.ts';
import { deciding } from './cases/deciding.ts';
import { reaching } from './cases/reaching.ts';
import { saying } from './cases/saying.ts';
import { sending } from './cases/sending.ts';
import { flowOf, Line } from './line.ts';

type Option = Record<string, unknown>;

const SAY: Action = { type: 'talk', option: { text: 'next' } };
const ELSE: Action = { id: 'else', type: 'talk', option: { text: 'else' } };

/** The action, then somebody says "next"; a jump leads to "else". */
const lineOf = (
  type: string,
  option: Option = {},
  variables: Record<string, string> = {},
  more: Partial<Action> = {},
) =>
  new Line(flowOf([{ id: 'it', type, option, ...more }, SAY, { type: 'hangup' }, ELSE, { type: 'hangup' }]), {
    variables,
  });

const dialOf = (line: Line) => line.verbs.find(({ verb }) => verb === 'dial');

const CASES: Cases = { ...saying, ...deciding, ...reaching, ...sending };

const running = ACTIONS.filter(entry => !isRefused(entry)).map(({ type }) => type);
const cases = Object.entries(CASES).flatMap(([type, list]) => list.map(one => [type, one] as const));

test('every action that runs has its cases', () => {
  expect(Object.keys(CASES).sort()).toEqual([...running].sort());
});

test.each(cases)('%s %j', (type, {
  option,
  variables,
  verbs,
  effects = [],
  told,
  says = 'next',
  sets = {},
}) => {
  const line = lineOf(type, option, variables);
  const own = line.verbs.filter(verb => verb.verb !== 'speak' || !['next', 'else'].includes(verb.text));
  const closed = told === undefined && says !== 'nothing' ? own.slice(0, -1) : own;
  if (verbs) expect(closed).toMatchObject(verbs);
  expect(line.effects).toMatchObject(effects);
  if (told) line.tell(told);
  expect(line.spoken.at(-1) ?? 'nothing').toMatch(says === 'nothing' ? /nothing|Sorry/ : says);
  expect(line.state.variables).toMatchObject(sets);
});

describe('nobody on the line', () => {
  const needing = ACTIONS.filter(entry => !isRefused(entry) && entry.needs === 'call').map(
    ({ type }) => type,
  );

  test.each(needing)('%s is passed over, and the path says so', type => {
    const line = new Line(flowOf([{ type, option: CASES[type]?.[0]?.option }]), { onCall: false });
    expect(line.state.path).toMatchObject([{ type, result: 'skipped: nobody is on the line' }]);
    expect(line.state.outcome).toBe('completed');
    expect([line.verbs, line.effects]).toEqual([[], []]);
  });
});

describe('what cannot be run', () => {
  test.each(ACTIONS.filter(isRefused))('$type fails with the reason: $refused', ({ type, refused }) => {
    const line = lineOf(type);
    expect(line.state.path[0]?.result).toBe(`failed: ${refused}`.slice(0, 200));
    expect(line.spoken).toEqual(['next']);
  });

  test.each([
    ['talk', { text: 'Hi.', language: '${language}' }, { verb: 'speak', text: 'Hi.', language: 'en-US' }],
    ['talk', { text: 'Hi.', language: ' ${language}' }, undefined],
    ['talk', { text: '${language}' }, undefined],
  ])('%s %j: what variables leave empty has its default, if it has one', (type, option, verb) => {
    const [first] = lineOf(type, option).verbs;
    expect(first).toMatchObject(verb ?? { text: 'next' });
  });

  test('an answer that gives fewer variables than it had fields says so', () => {
    const hook = () => lineOf('webhook_send', { uri: 'https://example.com', sync: true });
    const result = (body: string) =>
      hook().tell({ type: 'answered', status: 200, body }).state.path[0]?.result;
    expect(result('{"cut": "sho')).toBe('200; no JSON, or more than 64 KB of it');
    expect(result(JSON.stringify(Array(900).fill(1)))).toBe('200; more than 100 fields');
    expect(result('{"a": 1}')).toBe('200');
  });

  test('what is wrong once the variables are put in is told as it is when a flow is saved', () => {
    const long = { a: 'x'.repeat(3000) };
    const [spoken] = lineOf('talk', { text: '${a}${a}' }, long).state.path;
    expect(spoken?.result).toBe('failed: option.text: must have at most 5000 characters');
    const [played] = lineOf('play', { stream_urls: ['https://a.test', '${none}'] }).state.path;
    expect(played?.result).toMatch(/^failed: option\.stream_urls\[1\]: must be an absolute URL/);
  });

  test('an action that nobody knows, or with a wrong option, fails and the flow goes on', () => {
    expect(lineOf('dance').state.path[0]?.result).toBe('failed: there is no such action');
    const line = lineOf('sleep', { duration: 'long' });
    expect(line.state.path[0]?.result).toMatch(/^failed: option\.duration: /);
    expect(line.spoken).toEqual(['next']);
  });

  test('a failure leads to the error target', () => {
    const failing = { on_error_target_id: 'else' };
    expect(lineOf('dance', {}, {}, failing).spoken).toEqual(['else']);
    const hook = lineOf('webhook_send', { uri: 'https://a.test', sync: true }, {}, failing);
    expect(hook.tell({ type: 'answered', status: 404, body: '' }).spoken).toEqual(['else']);
    const queue = lineOf('queue_join', { queue_id: 'gone' }, {}, failing);
    expect(queue.tell({ type: 'failed', why: 'no such queue' }).spoken).toEqual(['else']);
  });
});

describe('connect', () => {
  const destinations = [tel('+15550000001'), tel('+15550000002')];

  test('one after the other', () => {
    const line = lineOf('connect', { destinations, ring_method: 'linear', timeout: 20 });
    expect(dialOf(line)).toMatchObject({ legs: [{ target: '+15550000001' }], ring_secs: 20 });
    line.tell({ type: 'dialed', result: 'noanswer' });
    expect(dialOf(line)).toMatchObject({ legs: [{ target: '+15550000002' }] });
    line.tell({ type: 'dialed', result: 'answered', by: '+15550000002' });
    expect(line.spoken).toEqual(['next']);
    expect(line.variable('connect.answered_by')).toBe('+15550000002');
  });

  test.each(['answered', 'canceled'] as const)('%s: nobody else is rung', result => {
    const line = lineOf('connect', { destinations, ring_method: 'linear' });
    expect(dialOf(line.tell({ type: 'dialed', result }))).toBeUndefined();
  });

  const OWN = '+1 555 222 3333';
  test('the line that the call is on is never rung, the others are', () => {
    const linear = lineOf('connect', { destinations: [tel(OWN), ...destinations], ring_method: 'linear' });
    expect(dialOf(linear)).toMatchObject({ legs: [{ target: '+15550000001' }] });
    linear.tell({ type: 'dialed', result: 'busy' });
    expect(dialOf(linear)).toMatchObject({ legs: [{ target: '+15550000002' }] });
    linear.tell({ type: 'dialed', result: 'busy' });
    expect(linear.spoken).toEqual(['next']);
    const all = lineOf('connect', { destinations: [...destinations, tel(OWN)] });
    expect(dialOf(all)).toMatchObject({ legs: [{ target: '+15550000001' }, { target: '+15550000002' }] });
  });

  test.each([
    [{}, OWN],
    [{ 'voipbin.call.direction': 'outgoing' }, '15550001111'],
  ])('nobody but the line itself (%j) is a failure', (variables, own) => {
    const line = lineOf('connect', { destinations: [tel(own)] }, variables);
    expect(dialOf(line)).toBeUndefined();
    expect(line.state.path[0]?.result).toBe('failed: a line cannot ring itself');
  });

  test('relay_reason ends the call', () => {
    const line = lineOf('connect', { destinations, relay_reason: true }).tell({
      type: 'dialed',
      result: 'busy',
    });
    expect(line.verbs).toEqual([{ verb: 'hangup' }]);
    expect(line.state.path.at(-1)?.result).toBe('busy');
  });
});

describe('what runs beside the call', () => {
  const follow = { on_end_flow_id: 'after' };

  test.each([
    ['recording_start', 'recording_stop', 'stop_recording'],
    ['transcribe_start', 'transcribe_stop', 'stop_transcription'],
  ] as const)('%s until %s, which waits for what was said before it', (begin, end, effect) => {
    const line = new Line(flowOf([{ type: begin, option: follow }, SAY, { type: end }, SAY]));
    expect(line.waits).toBe('continued');
    expect(line.effects.some(one => one.do === effect)).toBe(false);
    line.tell({ type: 'continued' });
    expect(line.effects.map(one => one.do)).toEqual([effect, 'start_flow']);
    expect(line.path).toEqual([begin, 'talk', end, 'talk']);
  });

  test.each(['recording_start', 'transcribe_start'])('%s until the caller hangs up', type => {
    const line = new Line(flowOf([{ type, option: follow }, { type: 'digits_receive' }])).tell({
      type: 'hung_up',
    });
    expect(line.effect('start_flow')).toMatchObject({ flow: 'after', completes: 0 });
  });

  test.each(['recording_start', 'transcribe_start'])('a second %s fails', type => {
    const line = new Line(flowOf([{ type }, { type }]));
    expect(line.state.path[1]?.result).toMatch(/^failed: the call is being/);
    expect(line.verbs.filter(({ verb }) => /record|transcribe/.test(verb))).toHaveLength(1);
  });

  test('a stream and a conference come in two documents', () => {
    const line = new Line(
      flowOf([{ type: 'transcribe_start' }, { type: 'conference_join', option: { conference_id: 'c' } }]),
    );
    expect(line.waits).toBe('continued');
    expect(line.tell({ type: 'continued' }).verbs).toEqual([{ verb: 'conference', room: 'conference-c' }]);
  });
});
