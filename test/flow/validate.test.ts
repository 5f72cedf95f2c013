/** What is found wrong with a flow before it is saved, where, and in which words; and the schema that says as much. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ActionType, isRefused } from '../../lambda/flow/action.ts';
import { type Action, LONGEST_FLOW } from '../../lambda/flow/flow.ts';
import { needsOf } from '../../lambda/flow/references.ts';
import { ACTIONS } from '../../lambda/flow/registry.ts';
import { start, step } from '../../lambda/flow/run.ts';
import { flowSchema } from '../../lambda/flow/schema.ts';
import { problemsOf } from '../../lambda/flow/validate.ts';
import { deciding } from './cases/deciding.ts';
import { reaching } from './cases/reaching.ts';
import { saying } from './cases/saying.ts';
import { sending } from './cases/sending.ts';
import { NOON } from './line.ts';

const flow = (...actions: unknown[]) => ({ name: 'Main', actions });
const tel = { type: 'tel', target: '+15550001111' };
const found = (given: unknown) => problemsOf(given).map(({ field, message }) => `${field}: ${message}`);
const jump = (target_id: string, more: object = {}) => ({ type: 'goto', option: { target_id }, ...more });

test('a phrase to listen for has something that is heard, unless a variable brings it', () => {
  const listen = (phrase: string) => flow({ type: 'transcribe_start', option: { keywords: [{ phrase }] } });
  const problem = 'actions[0].option.keywords[0].phrase: must have a letter or a digit in it';
  for (const phrase of ['', ' ', '$$$', '¿?']) expect(found(listen(phrase))).toEqual([problem]);
  for (const phrase of ['5 %', '取消', 'रद्द', '${phrase}']) expect(found(listen(phrase))).toEqual([]);
});

describe('jumps', () => {
  test('lead to an action of the same list', () => {
    expect(found(flow({ id: 'a', type: 'answer' }, jump('a')))).toEqual([]);
    expect(found(flow(jump('b')))).toEqual(['actions[0].option.target_id: no action has the id "b"']);
    expect(found(flow({ type: 'beep', next_id: 'x', on_error_target_id: 'y' }))).toEqual([
      'actions[0].next_id: no action has the id "x"',
      'actions[0].on_error_target_id: no action has the id "y"',
    ]);
  });

  test('neither into the actions of another call nor out of them', () => {
    const inner = [{ id: 'in', type: 'beep' }, jump('out')];
    const call = { type: 'call', option: { destinations: [tel], actions: inner } };
    expect(found(flow({ id: 'out', type: 'answer' }, call, jump('in')))).toEqual([
      'actions[1].option.actions[1].option.target_id: no action has the id "out"',
      'actions[2].option.target_id: no action has the id "in"',
    ]);
  });

  test('are believed where a variable names the target, or nobody is named', () => {
    const nobody = '00000000-0000-0000-0000-000000000000';
    expect(found(flow(jump('${where}', { next_id: nobody, on_error_target_id: '' })))).toEqual([]);
  });

  test('are looked at although something else in the option is wrong', () => {
    const option = { target_ids: { 1: 'gone', 2: 5 }, default_target_id: 'lost', colour: 'red', variable: 7 };
    expect(found(flow({ type: 'branch', option })).sort()).toEqual([
      'actions[0].option.colour: is not known here; leave it out, or correct its spelling',
      'actions[0].option.default_target_id: no action has the id "lost"',
      'actions[0].option.target_ids.1: no action has the id "gone"',
      'actions[0].option.target_ids.2: must be a text',
      'actions[0].option.variable: must be a text',
    ]);
  });
});

describe('limits', () => {
  test('so many problems, actions, calls within calls, and bytes of an option', () => {
    const many = found(flow(...Array.from({ length: LONGEST_FLOW + 1 }, () => ({ type: 'dance' }))));
    expect(many).toHaveLength(101);
    expect(many[0]).toBe(`actions: must have at most ${LONGEST_FLOW} entries`);
    expect(many.at(-1)).toBe(': and 402 problems more');
    const within = (depth: number): object[] =>
      depth === 0
        ? [{ type: 'beep' }]
        : [{ type: 'call', option: { destinations: [tel], actions: within(depth - 1) } }];
    expect(found(flow(...within(4)))).toEqual([]);
    expect(found(flow(...within(5))).join()).toContain('are calls within calls; 4 are possible');
    expect(found(flow({ type: 'variable_set', option: { key: 'a', value: 'x'.repeat(100_000) } }))).toEqual([
      'actions[0].option: must have at most 100000 bytes',
    ]);
  });

  test('what is nested for ever is no option, when it is saved or fetched', () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    const action = { type: 'play', option: { stream_urls: deep } };
    expect(found(flow(action))).toEqual(['actions[0].option: is nested too deeply']);
    const hidden = JSON.parse(`{"type":"beep","option":{"__proto__":${'['.repeat(60)}${']'.repeat(60)}}}`);
    expect(found(flow(hidden))).toEqual(['actions[0].option: is nested too deeply']);
    const fetching = [{ type: 'fetch', option: { event_url: 'https://example.com' } }];
    const main = { id: 'main', version: 1, name: 'Main', actions: fetching };
    const { state } = start(main, { variables: {}, on_call: true }, NOON);
    const body = `[{"type":"play","option":{"stream_urls":${'['.repeat(20_000)}${']'.repeat(20_000)}}}]`;
    const { state: after } = step(() => main, state, { type: 'answered', step: 0, status: 200, body }, NOON);
    expect(after.path.at(-1)?.result).toBe('failed: the answer is no list of actions');
  });
});

test('an id that no queue and no assistant can have', () => {
  const must = 'must be an id: 1 to 64 letters, digits, hyphens or underscores';
  const actions = [
    { type: 'queue_join', option: { queue_id: 'bad id!' } },
    { type: 'callback_request', option: { queue_id: '' } },
    { type: 'ai_talk', option: { ai_id: 'ann/../bob' } },
    { type: 'queue_join', option: { queue_id: '${queue}' } },
    { type: 'ai_talk', option: { ai_id: '', assistance_id: 'ann' } },
  ];
  expect(found({ ...flow(...actions), fallback_queue_id: 'bad id!' })).toEqual([
    `fallback_queue_id: ${must}`,
    `actions[0].option.queue_id: ${must}`,
    `actions[1].option.queue_id: ${must}`,
    `actions[2].option.ai_id: ${must}`,
  ]);
});

test.each([
  ['holidays', ['12-25', '02-29', '2026-04-30'], []],
  ['holidays', ['13-40', '02-30', '2026-04-31'], ['[0]', '[1]', '[2]']],
])('%s %j are days of the calendar', (name, days, wrong) => {
  const option = { [name]: days, false_target_id: 'end' };
  const problems = problemsOf(flow({ id: 'end', type: 'condition_datetime', option }));
  expect(problems.map(({ field }) => field)).toEqual(wrong.map(at => `actions[0].option.${name}${at}`));
});

test('a URL has no blanks, beside its variables', () => {
  const uris = ['https://a.test/?q=${a b}', 'https://a.test/?q=x ${a}', '${base}/x', 'https://a.test/ x'];
  const bad = uris.filter(uri => found(flow({ type: 'webhook_send', option: { uri } })).length > 0);
  expect(bad).toEqual([uris[1], uris[3]]);
});

test('a "length" that cannot be compared is a problem, and no list of actions', () => {
  const odd = { length: { toString: 1, valueOf: 2 } };
  expect(found({ name: 'Main', actions: odd })).toEqual([': has a "length" that is none']);
});

test.each(ACTIONS.filter(isRefused))('$type is refused by name, with the reason', ({ type, refused }) => {
  expect(found(flow({ type }))).toEqual([`actions[0].type: "${type}" cannot be used. ${refused}`]);
});

test('what a flow needs is found with its place, and what its absence leads to', () => {
  const actions: Action[] = [
    { type: 'queue_join', option: { queue_id: 'sales' } },
    { type: 'queue_join', option: { queue_id: '${queue}' } },
    { type: 'fetch_flow', option: { flow_id: 'menu' }, on_error_target_id: 'end' },
    { id: 'end', type: 'webhook_send', option: { uri: 'https://example.com' } },
    { type: 'message_send', option: { destinations: [tel], text: 'Hi' } },
    {
      type: 'call',
      option: { destinations: [tel], actions: [{ type: 'ai_talk', option: { ai_id: 'ann' } }] },
    },
  ];
  const own = { on_complete_flow_id: 'after', fallback_queue_id: 'rescue' };
  expect(needsOf({ name: 'Main', actions, ...own })).toEqual([
    { kind: 'queue', path: 'actions[0].option.queue_id', id: 'sales', failure: 'fall_back' },
    { kind: 'flow', path: 'actions[2].option.flow_id', id: 'menu', failure: 'to_error_target' },
    { kind: 'address', path: 'actions[3].option.uri', id: 'https://example.com', failure: 'go_on' },
    { kind: 'setting', path: 'actions[4].type', id: 'MESSAGE_WEBHOOK_URL', failure: 'go_on' },
    {
      kind: 'assistant',
      path: 'actions[5].option.actions[0].option.ai_id',
      id: 'ann',
      failure: 'fall_back',
      inCall: true,
    },
    { kind: 'flow', path: 'on_complete_flow_id', id: 'after' },
    { kind: 'queue', path: 'fallback_queue_id', id: 'rescue' },
  ]);
});

describe('the published schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(
    flowSchema('https://switchboard.test/flow-schema.json'),
  );
  const OPTIONS = Object.entries({ ...saying, ...deciding, ...reaching, ...sending }).flatMap(
    ([type, cases]) => cases.map(({ option }): Action => ({ type, ...(option && { option }) })),
  );
  const written = (actions: Action[]) =>
    JSON.parse(JSON.stringify(flow({ id: 'else', type: 'answer' }, ...actions)).replaceAll('"b"', '"else"'));

  test.each(readdirSync(new URL('./seed/', import.meta.url)))('takes the published pattern %s', file => {
    const seed = JSON.parse(readFileSync(new URL(`./seed/${file}`, import.meta.url), 'utf8'));
    expect([validate(seed), validate.errors]).toEqual([true, null]);
    expect(problemsOf(seed)).toEqual([]);
  });

  test('takes whatever is found right, and says of each action what it does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OPTIONS), { minLength: 1, maxLength: 6 }), actions => {
        const given = written(actions);
        expect(problemsOf(given)).toEqual([]);
        expect(validate(given), JSON.stringify(validate.errors)).toBe(true);
      }),
      { numRuns: 60 },
    );
    const text = JSON.stringify(flowSchema('x'));
    for (const entry of ACTIONS.filter((one): one is ActionType => !isRefused(one)))
      expect(text).toContain(JSON.stringify(entry.does).slice(1, -1));
  });

  test('takes the id and the draft that a flow may be saved with', () => {
    const more = { id: 'main', draft: true };
    expect(validate({ ...flow({ type: 'beep' }), ...more })).toBe(true);
    expect(validate({ ...flow({ type: 'beep' }), ...more, id: 'bad id!' })).toBe(false);
  });

  test.each([
    ['an unknown action', flow({ type: 'dance' })],
    ['a refused one', flow({ type: 'mute' })],
    ['a missing option', flow({ type: 'goto' })],
    ['an unknown one', flow({ type: 'beep', option: { loud: true } })],
    ['no actions', { name: 'Main' }],
  ])('refuses %s', (_, given) => {
    expect(validate(given)).toBe(false);
    expect(problemsOf(given)).not.toEqual([]);
  });
});

test('a type of data is one that a header can hold, unless a variable brings it', () => {
  const send = (data_type: string) =>
    flow({ type: 'webhook_send', option: { uri: 'https://a.test/', data_type } });
  const problem = 'actions[0].option.data_type: must be a media type such as application/json';
  for (const type of ['text/\nplain', 'é', '取消']) expect(found(send(type))).toEqual([problem]);
  for (const type of ['', 'text/plain; charset=utf-8', '${type}']) expect(found(send(type))).toEqual([]);
});
