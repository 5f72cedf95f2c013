/** Each thing that happens to a call is measured once. */
import { expect, test } from 'vitest';
import type { Call } from '../../lambda/call/call.ts';
import { proveConnected, record } from '../../lambda/call/evidence.ts';
import { measure } from '../../lambda/call/measure.ts';
import * as move from '../../lambda/call/transitions.ts';
import { NOW } from '../queue/fixtures.ts';
import { AT, FIRST, offered, QUEUE } from './moves.ts';

const told = (before: Call | undefined, after: Call) =>
  Object.fromEntries(measure(before, after).map(({ name, value }) => [name, value]));

const connected = move.connect(offered, FIRST.number, NOW + 5001);
const ended = move.endTalk(connected, QUEUE, NOW + 65_001);
const gone = move.hangUp(offered, {}, QUEUE, NOW + 9000);

test.each<[string, Call | undefined, Call, Record<string, number>]>([
  ['an arrival', undefined, AT.greeting.call, { CallsJoined: 1 }],
  ['an offer', AT.waiting.call, offered.call, { Offers: 1 }],
  ['an answer', offered.call, connected.call, { Answers: 1, WaitMilliseconds: 5000 }],
  ['the end of a talk', connected.call, ended.call, { TalkMilliseconds: 60_000 }],
  ['a missed ring', offered.call, move.endRing(offered, 'busy', QUEUE, NOW).call, { MissedRings: 1 }],
  ['a ring called off', offered.call, move.endRing(offered, 'cancelled', QUEUE, NOW).call, {}],
  ['a caller who gives up', offered.call, gone.call, { Abandons: 1 }],
  [
    'a broken call',
    AT.waiting.call,
    move.hangUp(AT.waiting, { broken: true }, QUEUE, NOW).call,
    { Failures: 1 },
  ],
  ['a message', AT.voicemail.call, record(AT.voicemail, {}, NOW).call, { Voicemails: 1 }],
  ['nothing', ended.call, ended.call, {}],
])('%s', (_what, before, after, numbers) => {
  expect(told(before, after)).toEqual(numbers);
});

test('a late answer counts, with its wait', () => {
  const proven = proveConnected(gone.call, 1, FIRST.number);
  expect(told(gone.call, proven)).toMatchObject({ Answers: 1, WaitMilliseconds: NOW - gone.call.joined_at });
});

test('every value is of the queue of the call', () => {
  expect(measure(offered.call, connected.call).every(({ queue }) => queue === 'default')).toBe(true);
});
