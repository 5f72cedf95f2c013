/** The call's status, as a flow reads it, is that of an answered call from the first sound on. */
import { expect, test } from 'vitest';
import type { Action } from '../../lambda/flow/flow.ts';
import { flowOf, Line } from './line.ts';

const STATUS = 'voipbin.call.status';

test.each<Action>([
  { type: 'talk', option: { text: 'Hello.' } },
  { type: 'digits_receive', option: {} },
  { type: 'recording_start', option: {} },
  { type: 'queue_join', option: { queue_id: 'support' } },
  { type: 'ai_talk', option: { ai_id: 'anna' } },
  { type: 'conference_join', option: { conference_id: 'room' } },
])('$type answers', action => {
  expect(new Line(flowOf([{ type: 'sleep', option: { duration: 1000 } }, action])).variable(STATUS)).toBe(
    'progressing',
  );
});

test('a call that was to be answered is, and is not refused', () => {
  const end: Action = { type: 'hangup', option: { reason: 'busy' } };
  const verbs = [{ verb: 'silence' }, { verb: 'hangup' }];
  expect(new Line(flowOf([{ type: 'answer' }, end])).verbs).toEqual(verbs);
  expect(new Line(flowOf([end])).verbs).toEqual([{ verb: 'hangup', reason: 'busy' }]);
});

test('before any sound it rings, and the word of a bridge that failed stays', () => {
  const ring = { destinations: [{ type: 'tel', target: '+15550001111' }] };
  const line = new Line(
    flowOf([
      { type: 'connect', option: ring },
      { type: 'talk', option: { text: 'Oh.' } },
    ]),
  );
  line.tell({ type: 'dialed', result: 'busy' });
  expect([line.spoken, line.variable(STATUS)]).toEqual([['Oh.'], 'busy']);
  const branch = { type: 'branch', option: { variable: STATUS, target_ids: { ringing: 'end' } } };
  const silent = new Line(
    flowOf([branch, { type: 'talk', option: { text: 'No.' } }, { id: 'end', type: 'hangup' }]),
  );
  expect(silent.spoken).toEqual([]);
});
