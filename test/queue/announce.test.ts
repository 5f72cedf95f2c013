/** What a holding caller is told. */
import { expect, test } from 'vitest';
import { expectedWaitSecs, holdMessage } from '../../lambda/queue/announce.ts';
import { agent } from './fixtures.ts';

test.each([
  [undefined, undefined, ''],
  [1, undefined, 'You are next in line.'],
  [2, undefined, 'You are number 2 in line.'],
  [1, 29, 'You are next in line. The expected wait is less than a minute.'],
  [3, 60, 'You are number 3 in line. The expected wait is about one minute.'],
  [undefined, 300, 'The expected wait is about 5 minutes.'],
])('position %s and %s s are told as "%s"', (position, secs, message) => {
  expect(holdMessage(position, secs)).toBe(message);
});

test('the expected wait is shared by the agents at work', () => {
  const staff = [
    agent(1, { avg_handle_ms: 60_000 }),
    agent(2, { avg_handle_ms: 120_000, state: 'busy' }),
    agent(3, { avg_handle_ms: 900_000, state: 'away' }),
  ];
  expect(expectedWaitSecs(1, staff)).toBe(45);
  expect(expectedWaitSecs(4, staff)).toBe(180);
});

test('nothing is promised while nobody has handled a call or nobody is at work', () => {
  expect(expectedWaitSecs(1, [agent(1)])).toBeUndefined();
  expect(expectedWaitSecs(1, [agent(1, { avg_handle_ms: 60_000, state: 'offline' })])).toBeUndefined();
});
