/**
 * What holds for any flow under any events: it ends or waits, never throws, stays within its limits, and knows a
 * repeated event; its state survives the store at each step, and its documents are ones that the carrier takes.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { isRefused } from '../../lambda/flow/action.ts';
import type { Awaited, FlowEvent } from '../../lambda/flow/event.ts';
import type { Action, Flow } from '../../lambda/flow/flow.ts';
import { ACTIONS, entryOf } from '../../lambda/flow/registry.ts';
import { LONGEST_RUN, MOST_ACTIONS, type Stepped, start, step } from '../../lambda/flow/run.ts';
import type { FlowState } from '../../lambda/flow/state.ts';
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
OPTIONS.goto?.push({ target_id: 'a' }, { target_id: 'c', loop_count: 2 }, { target_id: 'nowhere' });
OPTIONS.fetch_flow?.push({ flow_id: 'main' }, { flow_id: '${a}' });
OPTIONS.variable_set?.push({ key: 'a', value: '${a}${a}xx' }, { key: '${a}', value: '${b}' });
OPTIONS.talk?.push({ text: '<speak>${a}</speak>' }, { text: '${a}', digits_handle: 'next' });

const ID = fc.constantFrom('a', 'b', 'c', undefined, undefined, undefined);

const ACTION: fc.Arbitrary<Action> = fc.constantFrom(...Object.entries(OPTIONS)).chain(([type, options]) =>
  fc.record({
    type: fc.constant(type),
    option: fc.constantFrom(...options),
    id: ID,
    next_id: ID,
    on_error_target_id: ID,
  }),
);

const FLOW: fc.Arbitrary<Flow> = fc
  .record({
    actions: fc.array(ACTION, { maxLength: 12 }),
    on_complete_flow_id: fc.constantFrom(undefined, 'after'),
    fallback_flow_id: fc.constantFrom(undefined, 'main', 'gone'),
  })
  .map(({ actions, ...more }) => flowOf(JSON.parse(JSON.stringify(actions)), more));

const DIGITS = fc.constantFrom('', '1', '2', '#', '12345', '1#2*');
const STRANGE = fc.constantFrom('', 'x', '${a}', '"</speak>', '+15550001111', 'x'.repeat(9000));
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
  hung_up: fc.constant({}),
};

type Maker = (state: FlowState) => FlowEvent;

/** Mostly what is waited for; sometimes a failure, another step, another kind. */
const EVENT: fc.Arbitrary<Maker> = fc
  .record({
    brought: fc.record(BROUGHT),
    other: fc.constantFrom<(Awaited | 'failed' | undefined)[]>(
      ...(Object.keys(BROUGHT) as Awaited[]),
      ...Array.from({ length: 20 }, () => undefined),
      'failed',
    ),
    age: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1),
  })
  .map(({ brought, other, age }) => ({ step: now, wait }: FlowState) => {
    const type = other ?? (wait?.for === 'hung_up' ? 'continued' : (wait?.for ?? 'continued'));
    const what = type === 'failed' ? { why: 'it did' } : brought[type];
    return { type, step: now - age, ...what } as FlowEvent;
  });

function check({ state, verbs, effects, waiting }: Stepped, before?: FlowState): FlowState {
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expect(waiting).toBe(state.wait);
  const over = state.wait === undefined;
  expect(over).toBe(state.stack.length === 0);
  expect(over || state.wait?.for === 'hung_up').toBe(state.outcome !== undefined);
  expect(state.executed).toBeLessThanOrEqual(MOST_ACTIONS);
  if (before && state.fell_back === before.fell_back)
    expect(state.executed - before.executed).toBeLessThanOrEqual(LONGEST_RUN);
  if (!state.on_call) expect(verbs).toEqual([]);
  expect(new Set(effects.map(({ id }) => id)).size).toBe(effects.length);
  expect(JSON.stringify(state).length).toBeLessThan(300_000);
  xmlOf(verbs, state);
  return JSON.parse(JSON.stringify(state));
}

test('any flow, any events', () => {
  const story = fc.tuple(FLOW, fc.array(EVENT, { maxLength: 25 }), fc.boolean(), VARIABLES);
  fc.assert(
    fc.property(story, ([flow, events, on_call, variables]) => {
      const flows = (id: string, version: number) =>
        id === flow.id && version === flow.version ? flow : undefined;
      let now = NOON;
      let state = check(start(flow, { variables, on_call }, flows, now));
      for (const make of events) {
        const event = make(state);
        now += 1000;
        const before = JSON.stringify(state);
        const stepped = step(flows, state, event, now);
        expect(JSON.stringify(state)).toBe(before);
        state = check(stepped, state);
        const again = step(flows, state, event, now);
        if (event.type !== 'hung_up') expect(again.taken).toBe(false);
        if (!again.taken)
          expect(again).toEqual({ state, verbs: [], effects: [], waiting: state.wait, taken: false });
        if (!stepped.taken) expect(JSON.stringify(state)).toBe(before);
      }
      if (on_call && state.wait) {
        const over = step(flows, state, { type: 'hung_up' }, now);
        expect([over.waiting, over.state.stack]).toEqual([undefined, []]);
      }
    }),
    { numRuns: 400 },
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

test('the same event on the same state gives the same', () => {
  fc.assert(
    fc.property(FLOW, EVENT, (flow, make) => {
      const flows = () => flow;
      const once = () => start(flow, { variables: {}, on_call: true }, flows, NOON);
      expect(once()).toEqual(once());
      const { state } = once();
      const then = () => step(flows, state, make(state), NOON + 1);
      expect(then()).toEqual(then());
    }),
    { numRuns: 100 },
  );
});
