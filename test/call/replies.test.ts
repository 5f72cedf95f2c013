/** What each step was told is remembered, for as long as it can be asked for. */
import { expect, test } from 'vitest';
import { tell, toldBefore } from '../../lambda/call/replies.ts';
import { caller } from '../queue/fixtures.ts';

test('a step is told the same again, and its document has a number of its own', () => {
  const told = tell(tell(caller(1), 'answer', { kind: 'greet' }), 'queue-hold:1', {
    kind: 'hold',
    position: 2,
  });
  expect(toldBefore(told, 'answer')).toEqual({ reply: { kind: 'greet' }, next: 1 });
  expect(toldBefore(told, 'queue-hold:1')).toEqual({ reply: { kind: 'hold', position: 2 }, next: 2 });
  expect(toldBefore(told, 'queue-hold:2')).toBeUndefined();
  expect(told.step).toBe(2);
});

test('the last eight steps are kept, so that an item does not grow with the wait', () => {
  const steps = Array.from({ length: 20 }, (_, at) => `queue-hold:${at}`);
  const told = steps.reduce((call, step) => tell(call, step, { kind: 'hold' }), caller(1));
  expect(Object.keys(told.replies)).toEqual(steps.slice(-8));
  expect(told.step).toBe(20);
});
