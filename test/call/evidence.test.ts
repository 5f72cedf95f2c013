/** Word that comes late refines what was only assumed, once. */
import { describe, expect, test } from 'vitest';
import { proveConnected, record } from '../../lambda/call/evidence.ts';
import * as move from '../../lambda/call/transitions.ts';
import { hasLapsed } from '../../lambda/call/transitions.ts';
import { NOW } from '../queue/fixtures.ts';
import { AT, FIRST, offered, onHold, QUEUE } from './moves.ts';

const hungUp = move.hangUp(offered, {}, QUEUE, NOW + 20_000).call;

describe('word of an answer after the hang-up', () => {
  test('turns abandoned into connected, with the agent and the moment', () => {
    const proven = proveConnected(hungUp, 1, FIRST.number, NOW + 6000);
    expect(proven).toMatchObject({
      state: 'ended',
      outcome: 'connected',
      agent: FIRST.number,
      connected_at: NOW + 6000,
      rings: [{ offer: 1, result: 'connected' }],
    });
    expect(proven).not.toHaveProperty('abandoned_while');
  });

  test('without the moment takes the start of the ring, and the exact one replaces it later', () => {
    const inferred = proveConnected(hungUp, 1, undefined);
    expect(inferred).toMatchObject({ connected_at: NOW, connected_at_inferred: true });
    const exact = proveConnected(inferred, 1, FIRST.number, NOW + 6000);
    expect(exact).toMatchObject({ connected_at: NOW + 6000, agent: FIRST.number });
    expect(exact).not.toHaveProperty('connected_at_inferred');
  });

  test('is never later than the end of the call', () => {
    expect(proveConnected(hungUp, 1, FIRST.number, NOW + 99_000).connected_at).toBe(NOW + 20_000);
  });

  test('changes nothing when it comes twice, for another ring, or while the call lives', () => {
    const proven = proveConnected(hungUp, 1, FIRST.number, NOW + 6000);
    expect(proveConnected(proven, 1, FIRST.number, NOW + 7000)).toBe(proven);
    expect(proveConnected(hungUp, 2, FIRST.number, NOW)).toBe(hungUp);
    expect(proveConnected(offered.call, 1, FIRST.number, NOW)).toBe(offered.call);
  });
});

describe('word of a recording', () => {
  const begun = record(AT.voicemail, { recording_id: 'r1' }, NOW);
  const file = { recording_id: 'r1', url: 'https://media.example.com/r1.mp3', duration_secs: 4 };

  test('makes a voicemail of the call as soon as it begins', () => {
    expect(begun.call).toMatchObject({ outcome: 'voicemail', voicemail: { started_at: NOW } });
    expect(begun.call.voicemail).not.toHaveProperty('stored_at');
  });

  test('is complete with the file, in either order', () => {
    const inOrder = record(begun, file, NOW + 9000).call.voicemail;
    const reversed = record(record(AT.voicemail, file, NOW + 9000), { recording_id: 'r1' }, NOW + 9500);
    expect(inOrder).toMatchObject({ ...file, started_at: NOW, stored_at: NOW + 9000 });
    expect(reversed.call.voicemail).toMatchObject({ ...file, stored_at: NOW + 9000 });
  });

  test('refines a hang-up, and changes nothing when it comes twice', () => {
    const gone = move.hangUp(AT.voicemail, {}, QUEUE, NOW);
    expect(gone.call.outcome).toBe('abandoned');
    const known = record(gone, file, NOW + 9000);
    expect(known.call.outcome).toBe('voicemail');
    expect(record(known, file, NOW + 10_000).call).toBe(known.call);
  });

  test('means nothing for a call that never left the line', () => {
    expect(record(AT.ended, file, NOW).call).toBe(AT.ended.call);
  });
});

test('an offer lapses by the clock only while it has not rung', () => {
  const later = NOW + 3_600_000;
  expect(hasLapsed(onHold.call, later)).toBe(true);
  expect(hasLapsed(onHold.call, NOW)).toBe(false);
  expect(hasLapsed(offered.call, later)).toBe(false);
  expect(hasLapsed(AT.waiting.call, later)).toBe(false);
});
