/** Each thing that happens to a call is measured once. */
import { expect, test } from 'vitest';
import {
  joinQueue,
  noteAnswered,
  noteDeparture,
  returnToFlow,
  sayGoodbye,
} from '../../lambda/call/assisted.ts';
import type { Call } from '../../lambda/call/call.ts';
import { proveConnected, record } from '../../lambda/call/evidence.ts';
import { beginTalk, prepareTalk } from '../../lambda/call/flow-call.ts';
import { measure } from '../../lambda/call/measure.ts';
import { answered } from '../../lambda/call/outbound.ts';
import * as move from '../../lambda/call/transitions.ts';
import type { EndInFlow } from '../../lambda/voice/conversation.ts';
import { NOW } from '../queue/fixtures.ts';
import { AT, FIRST, offered, QUEUE } from './moves.ts';

const told = (before: Call | undefined, after: Call) =>
  Object.fromEntries(measure(before, after).map(({ name, value }) => [name, value]));

const connected = move.connect(offered, FIRST.number, NOW + 5001);
const ended = move.endTalk(connected, QUEUE, NOW + 65_001);
const gone = move.hangUp(offered, {}, QUEUE, NOW + 9000);

const assisted = noteAnswered(AT.assisted, NOW);
const failing = noteDeparture(assisted, { to: 'queue', queue: 'default', reason: 'failed', detail: 'stt' });
const asked = noteDeparture(assisted, { to: 'queue', queue: 'default', reason: 'asked' });
const prepared = prepareTalk(AT.in_flow, 'anna', { outcomes: [] });
const talking = beginTalk(prepared, NOW);
const backAs = (reason: EndInFlow) => returnToFlow(talking, { to: 'flow', reason, status: 'any' }, {}, NOW);
const reached = answered(AT.dialing, NOW);

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
  ['an arrival at an assistant', undefined, AT.assisted.call, { AssistantCalls: 1 }],
  ['the end of an assistant', assisted.call, sayGoodbye(assisted, NOW).call, {}],
  ['an assistant that fails', assisted.call, failing.call, { AssistantFailures: 1 }],
  ['the way to people after that', failing.call, joinQueue(failing, QUEUE, NOW).call, { CallsJoined: 1 }],
  [
    'a transfer to people',
    asked.call,
    joinQueue(asked, QUEUE, NOW).call,
    { CallsJoined: 1, AssistantTransfers: 1 },
  ],
  ['a transfer back to the flow', talking.call, backAs('asked').call, { AssistantTransfers: 1 }],
  ['an outcome for the flow', talking.call, backAs('chosen').call, {}],
  ['an error for the flow', talking.call, backAs('failed').call, { AssistantFailures: 1 }],
  ['the next conversation', prepared.call, talking.call, { AssistantCalls: 1 }],
  ['a call placed', undefined, AT.dialing.call, { OutboundCalls: 1 }],
  ['an answer to it', AT.dialing.call, reached.call, { AssistantCalls: 1 }],
  ['its end', reached.call, move.hangUp(reached, {}, QUEUE, NOW).call, {}],
  [
    'no answer to it',
    AT.dialing.call,
    move.hangUp(AT.dialing, { result: 'no_answer' }, QUEUE, NOW).call,
    { OutboundUnanswered: 1 },
  ],
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
