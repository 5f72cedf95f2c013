/**
 * What holds for any flow under any events: it ends or waits, never throws, stays within its limits, and knows a
 * repeated event; its state survives the store at each step, and its documents are ones that the carrier takes.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { isRefused } from '../../lambda/flow/action.ts';
import { type Awaited, eventSchema, type FlowEvent } from '../../lambda/flow/event.ts';
import type { Action, Flow, Flows } from '../../lambda/flow/flow.ts';
import { ACTIONS, entryOf } from '../../lambda/flow/registry.ts';
import { LONGEST_RUN, MOST_ACTIONS, type Stepped, start, step } from '../../lambda/flow/run.ts';
import { type FlowState, flowsOf } from '../../lambda/flow/state.ts';
import { deciding } from './cases/deciding.ts';
import { reaching } from './cases/reaching.ts';
import { saying } from './cases/saying.ts';
import { sending } from './cases/sending.ts';
import { flowOf, NOON, xmlOf } from './line.ts';

/** Beside each action's own cases: options that make loops, cycles and long texts likely. */
const OPTIONS: Record<string, Record<string, unknown>[]> = Object.fromEntries(
  Object.entries({ ...saying, ...deciding, ...reaching, ...sending }).map(([type, cases]) => [
    type,
    cases.map(({ option = {} }) => JSON.parse(JSON.stringify(option).replaceAll('"else"', '"b"'))),
  ]),
);
OPTIONS.goto?.push(
  { target_id: 'a', loop_count: 30 },
  { target_id: 'c', loop_count: 2 },
  { target_id: 'nowhere' },
);
OPTIONS.fetch_flow?.push({ flow_id: 'main' }, { flow_id: '${a}' });
OPTIONS.variable_set?.push({ key: 'a', value: '${a}${a}xx' }, { key: '${a}', value: '${b}' });
OPTIONS.talk?.push({ text: '<speak>${a}</speak>' }, { text: '${a}', digits_handle: 'next' });

const IDS = ['a', 'b', 'c'] as const;
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 12, arbitrary: fc.constant(undefined) });
/** A target that there is; a `goto` of `OPTIONS` knows one that there is not, as an unchecked flow may. */
const TARGET = rarely(fc.constantFrom(...IDS));

/** What a caller meets more often than its share. */
const WAITING = ['digits_receive', 'connect', 'recording_start', 'webhook_send', 'goto', 'fetch'].map(
  (type): [string, Record<string, unknown>[]] => [type, OPTIONS[type] ?? []],
);

const ACTION: fc.Arbitrary<Action> = fc
  .constantFrom(...Object.entries(OPTIONS), ...WAITING, ...WAITING)
  .chain(([type, options]) =>
    fc.record({
      type: fc.constant(type),
      option: fc.constantFrom(...options),
      next_id: TARGET,
      on_error_target_id: TARGET,
    }),
  );

/** The ids stand at the beginning, in the middle and at the end. */
const withIds = (actions: Action[]): Action[] =>
  actions.map((action, index) => ({
    ...action,
    id: IDS[[0, Math.floor(actions.length / 2), actions.length - 1].indexOf(index)],
  }));

const FLOW: fc.Arbitrary<Flow> = fc
  .record({
    actions: fc.array(ACTION, { minLength: 3, maxLength: 12 }).map(withIds),
    on_complete_flow_id: fc.constantFrom(undefined, 'after'),
    fallback_flow_id: fc.constantFrom(undefined, 'main', 'gone'),
  })
  .map(({ actions, ...more }) => flowOf(JSON.parse(JSON.stringify(actions)), more));

const DIGITS = fc.constantFrom('', '1', '2', '#', '12345', '1#2*');
const STRANGE = fc.constantFrom('\uD800', 'x', '${a}', '"</speak>', '+15550001111', 'x'.repeat(9000));
const VARIABLES = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'tier'), STRANGE);
const BODY = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.array(ACTION, { maxLength: 4 }).map(actions => JSON.stringify(actions)),
  STRANGE,
);

/** What an event of that kind may bring. */
const BROUGHT: Record<Awaited, fc.Arbitrary<object>> = {
  continued: fc.constant({}),
  digits: fc.record({ digits: DIGITS }),
  dialed: fc.record({ result: fc.constantFrom('answered', 'busy', 'noanswer', 'failed', 'canceled') }),
  recorded: fc.record({ id: STRANGE, secs: fc.nat(100) }),
  answered: fc.record({ status: fc.constantFrom(undefined, 200, 204, 404, 500), body: BODY }),
  flow_loaded: fc.constantFrom(
    {},
    { flow: { id: 'main', version: 1 } },
    { flow: { id: 'gone', version: 1 } },
  ),
  queue_left: fc.record({ result: fc.constantFrom('connected', 'left'), variables: VARIABLES }),
  conversed: fc.record({ status: STRANGE, variables: VARIABLES }),
  room_left: fc.constant({}),
  callback_requested: fc.record({
    status: fc.constantFrom('requested', 'known'),
    id: STRANGE,
    number: STRANGE,
  }),
  hung_up: fc.constant({}),
};

type Maker = (state: FlowState) => FlowEvent;

/** Mostly what is waited for; sometimes a failure, another step, another kind. */
const EVENT: fc.Arbitrary<Maker> = fc
  .record({
    brought: fc.record(BROUGHT),
    other: rarely(fc.constantFrom<Awaited | 'failed'>(...(Object.keys(BROUGHT) as Awaited[]), 'failed')),
    age: rarely(fc.constantFrom(1, -1)),
  })
  .map(({ brought, other, age = 0 }) => ({ step: now, wait }: FlowState) => {
    const type = other ?? wait?.for ?? 'continued';
    if (type === 'hung_up') return { type };
    const what = type === 'failed' ? { why: 'it did' } : brought[type];
    return { type, step: Math.max(0, now - age), ...what } as FlowEvent;
  });

/** @returns the state as it comes out of the store */
function check({ state, verbs, effects, waiting }: Stepped, before?: FlowState): FlowState {
  const stored = JSON.stringify(state);
  const over = state.wait === undefined;
  expect(waiting).toBe(state.wait);
  expect(over).toBe(state.stack.length === 0);
  expect(over || state.wait?.for === 'hung_up').toBe(state.outcome !== undefined);
  expect(state.executed).toBeLessThanOrEqual(MOST_ACTIONS);
  if (before && state.fell_back === before.fell_back)
    expect(state.executed - before.executed).toBeLessThanOrEqual(LONGEST_RUN);
  if (!state.on_call) expect(verbs).toEqual([]);
  expect(new Set(effects.map(({ id }) => id)).size).toBe(effects.length);
  expect(stored.length).toBeLessThan(300_000);
  xmlOf(verbs, state);
  const again = JSON.parse(stored);
  expect(JSON.stringify(again)).toBe(stored);
  return again;
}

/** Only the flows that the shell would have loaded. */
const libraryOf =
  (all: Flow[], loaded: string[]): Flows =>
  (id, version) =>
    all.find(flow => flow.id === id && flow.version === version && loaded.includes(id));

const STORY = fc.record({
  flow: FLOW,
  events: fc.array(EVENT, { maxLength: 20, size: 'max' }),
  alone: rarely(fc.constant(true)),
  variables: VARIABLES,
});

test('any flow, any events', () => {
  fc.assert(
    fc.property(STORY, ({ flow, events, alone = false, variables }) => {
      let now = NOON;
      let state = check(start(flow, { variables, on_call: !alone }, now));
      for (const make of events) {
        if (!state.wait) break;
        const event = make(state);
        expect(eventSchema.safeParse(event).success).toBe(true);
        now += 1000;
        const before = JSON.stringify(state);
        const loaded = event.type === 'flow_loaded' && event.flow ? [event.flow.id] : [];
        const flows = libraryOf([flow], [...flowsOf(state).map(named => named.flow), ...loaded]);
        const stepped = step(flows, state, event, now);
        expect(JSON.stringify(state)).toBe(before);
        if (!stepped.taken) expect(stepped.state).toBe(state);
        state = check(stepped, state);
        const again = step(flows, state, event, now);
        if (event.type === 'hung_up' && !stepped.taken) continue;
        expect([again.taken, again.verbs, again.effects]).toEqual([false, [], []]);
        expect(again.state).toBe(state);
      }
      if (alone || !state.wait) return;
      const over = check(step(libraryOf([], []), state, { type: 'hung_up' }, now), state);
      expect(over.wait).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('the flows above run every action that there is, with options as they are saved', () => {
  const running = ACTIONS.filter(entry => !isRefused(entry)).map(({ type }) => type);
  expect(Object.keys(OPTIONS).sort()).toEqual([...running].sort());
  for (const [type, options] of Object.entries(OPTIONS))
    for (const option of options) {
      const entry = entryOf(type);
      expect(
        entry && !isRefused(entry) && z.safeParse(entry.option, option).success,
        `${type} ${JSON.stringify(option)}`,
      ).toBe(true);
    }
});

/** As a flow that was fetched may hold them. */
const UNCHECKED = fc.record({
  type: fc.constantFrom(...ACTIONS.map(({ type }) => type), 'dance'),
  id: fc.constantFrom(...IDS),
  option: fc.dictionary(
    fc.constantFrom(...new Set(Object.values(OPTIONS).flatMap(options => options.flatMap(Object.keys)))),
    fc.oneof(fc.jsonValue({ maxDepth: 2 }), STRANGE, fc.constantFrom(...IDS), fc.integer()),
  ),
});

test('options of any form are taken or fail', () => {
  fc.assert(
    fc.property(fc.array(UNCHECKED, { maxLength: 8 }), fc.boolean(), (actions, on_call) => {
      const flow = flowOf(JSON.parse(JSON.stringify(actions)));
      check(start(flow, { variables: { a: '${b}' }, on_call }, NOON));
    }),
    { numRuns: 300 },
  );
});

test('the same event on the same state gives the same', () => {
  fc.assert(
    fc.property(FLOW, EVENT, (flow, make) => {
      const flows = () => flow;
      const once = () => start(flow, { variables: {}, on_call: true }, NOON);
      expect(once()).toEqual(once());
      const { state } = once();
      const then = () => step(flows, state, make(state), NOON + 1);
      expect(then()).toEqual(then());
    }),
    { numRuns: 100 },
  );
});
