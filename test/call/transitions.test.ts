/** Every state with every move: where it leads, and that a move which does not fit changes nothing. */
import { describe, expect, test } from 'vitest';
import type { CallState } from '../../lambda/call/call.ts';
import * as cycle from '../../lambda/call/cycle.ts';
import * as move from '../../lambda/call/transitions.ts';
import { agent, caller, NOW, queue } from '../queue/fixtures.ts';
import { AT, FIRST, MOVES, type MoveName, offered, onHold, QUEUE, SECOND } from './moves.ts';

const STATES = Object.keys(AT) as CallState[];

/** Columns: dialing, assisted, in_flow, greeting, waiting, offered, connected, voicemail, ended. A dash: nothing changes. */
const TABLE: Record<MoveName, string> = {
  rang: 'dialing - - - - - - - -',
  answered: 'assisted - - - - - - - -',
  refused: 'ended - - - - - - - -',
  noteAnswered: '- assisted - - - - - - -',
  noteDeparture: '- assisted - - - - - - -',
  joinQueue: 'greeting greeting - - - - - - -',
  sayGoodbye: '- ended - - - - - - -',
  beginWaiting: '- - - waiting - - - - -',
  hold: '- - - - waiting - - - -',
  readmit: '- - - - waiting - - - -',
  ring: '- - - - - offered - - -',
  connect: '- - - - - connected - - -',
  endRing: '- - - - - waiting - - -',
  expireOffer: '- - - - - waiting - - -',
  endTalk: '- - - - - - ended - -',
  leave: '- - - voicemail voicemail - - - -',
  hangUp: 'ended ended ended ended ended ended ended ended -',
  record: '- - - - - - - voicemail -',
  sendToQueue: '- - greeting - - - - - -',
  beginTalk: '- - assisted - - - - - -',
  backInFlow: '- - in_flow - - - - - -',
};

const cases = (Object.keys(TABLE) as MoveName[]).flatMap(name =>
  TABLE[name].split(' ').map((to, column) => ({ name, from: STATES[column] ?? 'greeting', to })),
);

describe('the life of a call', () => {
  test.each(cases)('$from, $name: $to', ({ name, from, to }) => {
    const before = AT[from];
    const after = MOVES[name](before);
    if (to === '-') expect(after.call).toBe(before.call);
    else expect(after.call.state).toBe(to);
  });

  test.each(STATES)('a hang-up leaves no agent held (%s)', from => {
    const { agents } = move.hangUp(AT[from], {}, QUEUE, NOW);
    expect(agents.every(({ call }) => call === undefined)).toBe(true);
  });

  test.each([
    ['dialing', {}, 'failed'],
    ['dialing', { result: 'no_answer' }, 'failed'],
    ['dialing', { result: 'busy' }, 'failed'],
    ['dialing', { result: 'rejected' }, 'rejected'],
    ['dialing', { result: 'machine' }, 'voicemail'],
    ['assisted', {}, 'abandoned'],
    ['assisted', { broken: true }, 'failed'],
    ['assisted', { result: 'machine' }, 'abandoned'],
    ['greeting', {}, 'abandoned'],
    ['waiting', {}, 'abandoned'],
    ['offered', {}, 'abandoned'],
    ['voicemail', {}, 'abandoned'],
    ['connected', {}, 'connected'],
    ['waiting', { broken: true }, 'failed'],
    ['connected', { broken: true }, 'connected'],
  ] as const)('a hang-up while %s %o is %s', (from, news, outcome) => {
    const { call } = move.hangUp(AT[from], news, QUEUE, NOW);
    expect(call.outcome).toBe(outcome);
    expect(call.abandoned_while).toBe(outcome === 'abandoned' ? from : undefined);
  });
});

describe('an offer', () => {
  test('reserves its agents until the ring and the word of it are over', () => {
    expect(offered.call.offer).toMatchObject({
      id: 1,
      agents: [FIRST.number, SECOND.number],
      dialed_at: NOW,
    });
    for (const one of offered.agents)
      expect(one).toMatchObject({ state: 'reserved', call: 'call-1', until: offered.call.offer?.expires_at });
  });

  test('to a caller on hold lasts until the cycle would bring the caller, and is no sign of life', () => {
    const cycleMs = QUEUE.hold_wait_secs * 1000;
    expect(onHold.call.offer?.expires_at).toBeGreaterThan(NOW + cycleMs + QUEUE.ring_timeout_secs * 1000);
    expect(onHold.call.deadline).toBe(AT.waiting.call.deadline);
  });

  test('is answered by one; the others are free', () => {
    const { call, agents } = move.connect(offered, SECOND.number, NOW + 4000);
    expect(call).toMatchObject({ agent: SECOND.number, connected_at: NOW + 4000, outcome: 'connected' });
    expect(call).not.toHaveProperty('offer');
    expect(agents.map(({ state }) => state)).toEqual(['available', 'busy']);
  });

  test('cannot be answered by somebody whom it does not name', () => {
    expect(move.connect(offered, agent(3).number, NOW).call).toBe(offered.call);
  });

  test('answered by nobody knows whom is connected all the same, at the start of the ring', () => {
    const { call, agents } = move.connect(offered, undefined);
    expect(call).toMatchObject({ state: 'connected', connected_at: NOW, connected_at_inferred: true });
    expect(agents.map(({ state }) => state)).toEqual(['available', 'available']);
  });

  test('missed keeps the place, excludes its agents and counts as missed for each', () => {
    const { call, agents } = move.endRing(offered, 'no_answer', QUEUE, NOW + 15_000);
    expect(call).toMatchObject({ state: 'waiting', joined_at: offered.call.joined_at });
    expect(call.excluded).toEqual([FIRST.number, SECOND.number]);
    expect(call.rings).toMatchObject([{ offer: 1, result: 'no_answer' }]);
    expect(agents.map(one => one.missed_in_row)).toEqual([1, 1]);
  });

  test('missed after another one keeps those excluded who missed before, until a cycle has been sat through', () => {
    const once = move.endRing(move.offer(caller(1), [FIRST], QUEUE, NOW, 'a'), 'busy', QUEUE, NOW);
    const twice = move.endRing(move.offer(once.call, [SECOND], QUEUE, NOW, 'b'), 'busy', QUEUE, NOW);
    expect(twice.call.excluded).toEqual([FIRST.number, SECOND.number]);
    expect(cycle.readmit(twice).call.excluded).toEqual([]);
  });

  test('called off is no miss, but the same phone does not ring again at once', () => {
    const { call, agents } = move.endRing(offered, 'cancelled', QUEUE, NOW);
    expect(call.excluded).toEqual([FIRST.number, SECOND.number]);
    expect(agents.map(one => one.missed_in_row)).toEqual([0, 0]);
  });

  test('run out blames nobody', () => {
    const { call, agents } = move.expireOffer(onHold, QUEUE, NOW);
    expect(call).toMatchObject({ state: 'waiting', excluded: [] });
    expect(agents.map(({ state }) => state)).toEqual(['available']);
  });
});

describe('the end of a talk', () => {
  test('sends the one who talked to wrap-up, and nobody else', () => {
    const talking = move.connect(offered, FIRST.number, NOW + 5000);
    const { call, agents } = move.endTalk(talking, QUEUE, NOW + 65_000);
    expect(call).toMatchObject({ state: 'ended', ended_at: NOW + 65_000, outcome: 'connected' });
    expect(agents.map(({ state }) => state)).toEqual(['wrap_up', 'available']);
    expect(agents.map(one => one.avg_handle_ms)).toEqual([90_000, undefined]);
  });
});

describe('out of the line', () => {
  test.each([
    [{}, 'max_cycles', 'voicemail', undefined],
    [{ voicemail: false }, 'max_cycles', 'ended', 'overflow'],
    [{ on_full: 'turn_away' }, 'queue_full', 'ended', 'overflow'],
    [{ on_full: 'turn_away' }, 'key', 'voicemail', undefined],
  ] as const)('with %o for %s: %s', (choices, why, state, outcome) => {
    const { call } = move.leave(AT.waiting, why, queue(choices), NOW);
    expect(call.state).toBe(state);
    expect(call.outcome).toBe(outcome);
    expect(call.left).toBe(why);
  });
});
