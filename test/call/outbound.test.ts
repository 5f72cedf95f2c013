/** Calls that we place: what the person does, and what the carrier says of it. */
import { describe, expect, test } from 'vitest';
import { carrierId } from '../../lambda/call/call.ts';
import { answered, named, place, rang, refused } from '../../lambda/call/outbound.ts';
import * as move from '../../lambda/call/transitions.ts';
import { NOW } from '../queue/fixtures.ts';
import { AT, QUEUE } from './moves.ts';

const hungUp = (held: move.Held, news: Parameters<typeof move.hangUp>[1]) =>
  move.hangUp(held, news, QUEUE, NOW + 30_000).call;

describe('an outbound call', () => {
  test('rings once, and is answered', () => {
    const ringing = rang(AT.dialing, NOW + 1000);
    const talking = answered(rang(ringing, NOW + 2000), NOW + 5000);
    expect(talking.call).toMatchObject({
      state: 'assisted',
      dial: { requested_at: NOW, ringing_at: NOW + 1000, answered_at: NOW + 5000, result: 'answered' },
    });
  });

  test('goes by its own id until the carrier names it, once', () => {
    expect(carrierId(AT.dialing.call)).toBe('own-1');
    const known = named(AT.dialing, 'uuid-1');
    expect(carrierId(known.call)).toBe('uuid-1');
    expect(named(known, 'uuid-2').call).toBe(known.call);
  });

  test('that is for a queue waits for it with the person on the line', () => {
    const order = { id: 'own-2', from: '+911140000001', to: '+919900000001', queue: 'sales' };
    const call = place({ ...order, ring_timeout_secs: 30 }, NOW);
    const { state, dial } = answered({ call, agents: [] }, NOW + 5000).call;
    expect([state, dial?.queue, dial?.result, call.queue]).toEqual(['dialing', 'sales', 'answered', '']);
  });

  test.each([
    ['busy', 'failed'],
    ['no_answer', 'failed'],
    ['rejected', 'rejected'],
    ['machine', 'voicemail'],
    ['failed', 'failed'],
  ] as const)('that ends with %s is %s', (result, outcome) => {
    const call = hungUp(AT.dialing, { result, cause: 'Because' });
    expect(call).toMatchObject({ outcome, dial: { result, detail: 'Because' }, hangup_cause: 'Because' });
    expect(call).not.toHaveProperty('abandoned_while');
  });

  test('that turns out to have reached a machine was no conversation', () => {
    const talking = answered(AT.dialing, NOW + 5000);
    const spoken = { ...talking, call: { ...talking.call, assisted_at: NOW + 6000 } };
    expect(hungUp(spoken, { result: 'machine' })).toMatchObject({
      outcome: 'voicemail',
      dial: { result: 'machine', answered_at: NOW + 5000 },
    });
  });

  test('that was answered and hung up keeps its result', () => {
    const talking = answered(AT.dialing, NOW + 5000);
    expect(hungUp(talking, { result: 'failed' }).dial?.result).toBe('answered');
  });

  test('that the carrier refuses ends with the reason', () => {
    const { call } = refused(AT.dialing, { status: 402, detail: 'no credit' }, NOW + 100);
    expect(call).toMatchObject({
      state: 'ended',
      outcome: 'failed',
      dial: { result: 'refused', status: 402, detail: 'no credit' },
    });
  });
});
