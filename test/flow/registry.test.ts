/** What is derived from the registry: a schema of every option, a reason for every refusal, targets and references. */
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { isRefused } from '../../lambda/flow/action.ts';
import { ACTIONS, entryOf } from '../../lambda/flow/registry.ts';

/** As VoIPBin lists them. */
const TYPES =
  'ai_summary ai_talk ai_task amd answer beep block branch call case_create condition_call_digits ' +
  'condition_call_status condition_datetime condition_variable confbridge_join conference_join connect ' +
  'conversation_send digits_receive digits_send echo email_send external_media_start external_media_stop fetch ' +
  'fetch_flow goto hangup message_send mute play queue_join recording_start recording_stop sleep stop stream_echo ' +
  'talk transcribe_recording transcribe_start transcribe_stop variable_set webhook_send';

const running = ACTIONS.flatMap(entry => (isRefused(entry) ? [] : [entry]));

test('every type of VoIPBin runs or is refused', () => {
  const theirs = ACTIONS.filter(({ type }) => type !== 'callback_request');
  expect(theirs.map(({ type }) => type)).toEqual(TYPES.split(' '));
  expect(entryOf('dance')).toBeUndefined();
});

test.each(running)('$type has a JSON Schema and a description', ({ option, does }) => {
  expect(z.toJSONSchema(option, { io: 'input' })).toMatchObject({
    type: 'object',
    additionalProperties: false,
  });
  expect(does).toMatch(/^[A-Z].*\.$/s);
});

test.each(ACTIONS.filter(isRefused))('$type is refused with a reason', ({ refused }) => {
  expect(refused).toMatch(/^[A-Z].*\.$/);
});

const found = (type: string, given: object) => {
  const entry = entryOf(type);
  if (!entry || isRefused(entry)) throw new Error(`${type} does not run.`);
  const option = z.parse(entry.option, given);
  return { targets: entry.targets?.(option), references: entry.references?.(option) };
};

test('targets and references come with their places', () => {
  expect(found('branch', { default_target_id: 'a', target_ids: { 1: 'b', 2: '' } }).targets).toEqual({
    default_target_id: 'a',
    'target_ids.1': 'b',
  });
  expect(found('goto', { target_id: 'a' }).targets).toEqual({ target_id: 'a' });
  expect(found('ai_talk', { ai_id: 'helper' }).references).toEqual([
    { kind: 'assistant', path: 'ai_id', id: 'helper' },
  ]);
  expect(found('recording_start', { on_end_flow_id: 'after' }).references).toEqual([
    { kind: 'flow', path: 'on_end_flow_id', id: 'after' },
  ]);
  expect(found('recording_start', {}).references).toEqual([]);
});

const wrong: [type: string, option: object, message: RegExp][] = [
  ['connect', { destinations: [{ type: 'extension', target: '100' }] }, /Vobiz rings nothing else/],
  ['connect', { destinations: [{ type: 'tel', target: 'Bob' }] }, /phone number/],
  [
    'connect',
    { destinations: [{ type: 'tel', target: '+15550001111' }], anonymous: 'yes' },
    /always shows a number/,
  ],
  ['call', { destinations: [{ type: 'tel', target: '+15550001111' }] }, /name a flow/],
  [
    'call',
    { destinations: [{ type: 'tel', target: '+15550001111' }], flow_id: 'a', early_execution: true },
    /answered, not before/,
  ],
  ['recording_start', { format: 'ogg' }, /records nothing else/],
  ['digits_send', { digits: 'A1' }, /what Vobiz can send/],
  ['digits_receive', { key: 'x' }, /keys out of/],
  ['hangup', { reference_id: 'call-1' }, /cause of another/],
  ['ai_talk', { assistance_type: 'team', assistance_id: 'a' }, /no teams/],
  ['ai_talk', {}, /name the assistant/],
  ['talk', { text: '<speak>Hi' }, /well-formed SSML/],
  ['talk', { text: 'Hi', speed: 2 }, /./],
  ['condition_datetime', { timezone: 'Berlin', false_target_id: 'a' }, /time zone such as/],
  ['condition_datetime', { from: '9', false_target_id: 'a' }, /time of day/],
  ['condition_variable', { condition: '==', variable: 'a' }, /./],
  ['webhook_send', { uri: 'ftp://a' }, /absolute URL/],
];

test.each(wrong)('%s %j is refused', (type, option, message) => {
  const entry = entryOf(type);
  if (!entry || isRefused(entry)) throw new Error(`${type} does not run.`);
  const read = z.safeParse(entry.option, option);
  expect(read.error?.issues.map(issue => issue.message).join()).toMatch(message);
});
