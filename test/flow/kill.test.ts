/**
 * A process dies between any two steps, and every webhook comes twice: a flow that is found right goes on as if nothing
 * had been, and ends or waits whatever it is told.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FlowEvent } from '../../lambda/flow/event.ts';
import type { Action, Flow } from '../../lambda/flow/flow.ts';
import { MOST_ACTIONS, type Stepped, start, step } from '../../lambda/flow/run.ts';
import { problemsOf } from '../../lambda/flow/validate.ts';
import { deciding } from './cases/deciding.ts';
import { reaching } from './cases/reaching.ts';
import { saying } from './cases/saying.ts';
import { sending } from './cases/sending.ts';
import { flowOf, NOON } from './line.ts';

const SEED = new URL('./seed/', import.meta.url);
const SEEDS = readdirSync(SEED).map(file => JSON.parse(readFileSync(new URL(file, SEED), 'utf8')));
const ACTIONS = Object.entries({ ...saying, ...deciding, ...reaching, ...sending }).flatMap(([type, cases]) =>
  cases.map(({ option }): Action => JSON.parse(JSON.stringify({ type, option }).replaceAll('"b"', '"else"'))),
);

const FLOW: fc.Arbitrary<Flow> = fc.oneof(
  fc.constantFrom(...SEEDS).map(seed => ({ ...seed, id: 'main', version: 1 })),
  fc
    .array(fc.constantFrom(...ACTIONS), { minLength: 2, maxLength: 10 })
    .map(actions => flowOf([{ id: 'else', type: 'answer' }, ...actions], { on_complete_flow_id: 'after' })),
);

/** What may be brought by whatever is waited for; fields of other events are left out by whoever makes the event. */
const BROUGHT: Record<string, readonly object[]> = {
  digits: [{ digits: '' }, { digits: '1' }, { digits: '#' }, { digits: '15550001111#' }],
  dialed: [{ result: 'answered' }, { result: 'noanswer' }, { result: 'canceled' }],
  recorded: [{ secs: 3 }],
  answered: [
    {},
    { status: 200, body: '{"tier":"premium"}' },
    { status: 500 },
    { status: 200, body: '[{"type":"beep"}]' },
  ],
  flow_loaded: [{}, { flow: { id: 'main', version: 1 } }],
  queue_left: [{ result: 'connected' }, { result: 'left', variables: { a: '${b}' } }],
  conversed: [{ status: 'billing' }, { status: 'error', variables: { a: 'b' } }],
};

function eventFor({ state: { wait, step: at } }: Stepped, dice: number): FlowEvent | undefined {
  if (!wait) return undefined;
  if (wait.for === 'hung_up' || dice % 23 === 0) return { type: 'hung_up' };
  if (wait.effect !== undefined && dice % 7 === 0) return { type: 'failed', step: at, why: 'it did' };
  const brought = BROUGHT[wait.for] ?? [{}];
  return { type: wait.for, step: at, ...brought[dice % brought.length] } as FlowEvent;
}

const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

test('killed after every step and told everything twice, a flow does what it does undisturbed', () => {
  fc.assert(
    fc.property(FLOW, fc.array(fc.nat(1000), { maxLength: 25, size: 'max' }), (flow, story) => {
      const { id: _, ...written } = flow;
      expect(problemsOf(written)).toEqual([]);
      const flows = () => flow;
      const begin = () => start(flow, { variables: { tier: 'gold' }, on_call: true }, NOON);
      let alive = begin();
      let killed = stored(begin());
      for (const dice of story) {
        expect(killed).toEqual(stored(alive));
        expect(alive.state.executed).toBeLessThanOrEqual(MOST_ACTIONS);
        const event = eventFor(alive, dice);
        if (!event) break;
        alive = step(flows, alive.state, event, NOON + dice);
        const { state } = killed;
        killed = stored(step(() => stored(flow), state, stored(event), NOON + dice));
        const again = step(flows, killed.state, event, NOON + dice + 1);
        if (event.type !== 'hung_up')
          expect([again.taken, again.verbs, again.effects]).toEqual([false, [], []]);
      }
      const { state: over } = step(flows, alive.state, { type: 'hung_up' }, NOON);
      expect([over.wait, over.stack.length, over.outcome === undefined]).toEqual([undefined, 0, false]);
    }),
    { numRuns: 300 },
  );
});
