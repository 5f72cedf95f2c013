/** Word that comes late refines what was only assumed, once. */
import { describe, expect, test } from 'vitest';
import { proveConnected, proveUnanswered, record } from '../../lambda/call/evidence.ts';
import * as move from '../../lambda/call/transitions.ts';
import { hasLapsed } from '../../lambda/call/transitions.ts';
import { NOW } from '../queue/fixtures.ts';
import { AT, FIRST, offered, onHold, QUEUE } from './moves.ts';

const hungUp = move.hangUp(offered, {}, QUEUE, NOW + 20_000).call;

describe('word of a ring during which the caller hung up', () => {
  test('turns abandoned into connected when it was answered, from the start of the ring', () => {
    const proven = proveConnected(hungUp, 1, FIRST.number);
    expect(proven).toMatchObject({
      state: 'ended',
      outcome: 'connected',
      agent: FIRST.number,
      connected_at: NOW,
      connected_at_inferred: true,
      rings: [{ offer: 1, result: 'connected' }],
    });
    expect(proven).not.toHaveProperty('abandoned_while');
  });

  test('names no agent where nobody says who of a set answered', () => {
    expect(proveConnected(hungUp, 1, undefined)).not.toHaveProperty('agent');
  });

  test('settles that nobody answered, and no later word can change that', () => {
    const settled = proveUnanswered(hungUp, 1, 'cancelled');
    expect(settled).toMatchObject({ outcome: 'abandoned', rings: [{ offer: 1, result: 'cancelled' }] });
    expect(proveConnected(settled, 1, FIRST.number)).toBe(settled);
  });

  test('changes nothing when it comes twice, for another ring, or while the call lives', () => {
    const proven = proveConnected(hungUp, 1, FIRST.number);
    expect(proveConnected(proven, 1, FIRST.number)).toBe(proven);
    expect(proveUnanswered(proven, 1, 'busy')).toBe(proven);
    expect(proveConnected(hungUp, 2, FIRST.number)).toBe(hungUp);
    expect(proveConnected(offered.call, 1, FIRST.number)).toBe(offered.call);
  });

  test('leaves a talk that was told in order as it was', () => {
    const ended = move.endTalk(AT.connected, QUEUE, NOW + 65_000).call;
    expect(proveConnected(ended, 1, FIRST.number)).toBe(ended);
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
