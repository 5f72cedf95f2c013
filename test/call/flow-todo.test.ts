/** What a flow has left to be done: one performer at a time, until it is done, given up, or come back to for long enough. */
import { describe, expect, test } from 'vitest';
import type { FlowRun } from '../../lambda/call/flow-run.ts';
import { isFree, noteDone, take } from '../../lambda/call/flow-todo.ts';
import type { Effect } from '../../lambda/flow/effect.ts';
import { start } from '../../lambda/flow/run.ts';

const NOW = Date.UTC(2026, 2, 2);
const HOUR = 3_600_000;

const stop: Effect = { id: '0.1', do: 'stop_recording' };
const answer = { type: 'answered', status: 200 } as const;

/** It waits for the answer of effect 0.0, and 0.1 is left to be done beside it. */
function waiting(): FlowRun {
  const option = { uri: 'https://example.com', sync: true };
  const flow = { id: 'main', version: 1, name: '', actions: [{ type: 'webhook_send', option }] };
  const { state, effects } = start(flow, { variables: {}, on_call: true }, NOW);
  const todo = [...effects, stop].map(effect => ({ effect, since: NOW }));
  return { flow: 'main', version: 1, state, told: [], todo };
}

const idsOf = ({ todo }: FlowRun) => todo.map(({ effect }) => effect.id);

test('what is taken is free again after a minute', () => {
  const taken = take(waiting(), NOW);
  expect(taken.todo.some(one => isFree(one, NOW + 59_999))).toBe(false);
  expect(taken.todo.every(one => isFree(one, NOW + 60_000))).toBe(true);
  expect(take(taken, NOW + 1)).toBe(taken);
});

describe('an effect that is done', () => {
  test('is told to the flow that waits for it', () => {
    const done = noteDone(waiting(), '0.0', { news: answer }, NOW);
    expect(idsOf(done)).toEqual(['0.1']);
    expect(done.result).toEqual({ ...answer, step: 0 });
  });

  test('is told to nobody who does not', () => {
    expect(noteDone(waiting(), '0.1', { news: answer }, NOW)).not.toHaveProperty('result');
  });

  test('is noted once', () => {
    const done = noteDone(waiting(), '0.0', { news: answer }, NOW);
    expect(noteDone(done, '0.0', { failed: 'late' }, NOW)).toBe(done);
  });
});

test('of failures the last twenty are kept', () => {
  const run = {
    ...waiting(),
    todo: [...Array(25).keys()].map(n => ({ effect: { ...stop, id: `1.${n}` }, since: NOW })),
  };
  const all = run.todo.reduce(
    (one, { effect }, n) => noteDone(one, effect.id, { failed: 'no' }, NOW + n),
    run as FlowRun,
  );
  expect(all.failures).toHaveLength(20);
  expect(all.failures?.at(-1)).toEqual({ at: NOW + 24, effect: '1.24', do: 'stop_recording', why: 'no' });
});

describe('an effect for which it is too early', () => {
  test('is free for the next one', () => {
    const later = noteDone(take(waiting(), NOW), '0.1', 'later', NOW + 1000);
    expect(idsOf(later)).toEqual(['0.0', '0.1']);
    expect(later.todo.map(one => isFree(one, NOW + 1000))).toEqual([false, true]);
  });

  test('is given up after an hour', () => {
    const given = noteDone(take(waiting(), NOW), '0.1', 'later', NOW + HOUR);
    expect(idsOf(given)).toEqual(['0.0']);
    expect(given.failures).toMatchObject([{ effect: '0.1', why: 'it could not be done in an hour' }]);
  });
});
