import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { queueSettings } from '../../lambda/api/queue-settings.ts';
import { BOUNDS } from '../../lambda/platform/bounds.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import { readSettings } from '../../lib/settings.ts';

const deployed = (name: string, value: number) =>
  readSettings(new App({ context: { [name]: String(value) } }).node);
const started = (name: string, value: number) =>
  settingsFrom({ PUBLIC_URL: 'https://calls.example.com', [name]: String(value) });

describe.each(Object.entries(BOUNDS))('%s', (name, [least, most]) => {
  test.each([least, most])('%i is deployed, and the functions start with it', value => {
    expect(deployed(name, value).functionSettings).toEqual({ [name]: String(value) });
    expect(started(name, value)).toMatchObject({ [name]: value });
  });

  test.each([least - 1, most + 1, least + 0.5])('%d is refused by both, in the same words', value => {
    const must = `must be a whole number from ${least} to ${most}`;
    expect(() => deployed(name, value)).toThrow(must);
    expect(() => started(name, value)).toThrow(must);
  });
});

test.each([
  ['HOLD_WAIT_SECS', queueSettings.hold_wait_secs],
  ['MAX_WAIT_CYCLES', queueSettings.max_wait_cycles],
  ['RING_TIMEOUT_SECS', queueSettings.ring_timeout_secs],
  ['WRAP_UP_SECS', queueSettings.wrap_up_secs],
] as const)('a queue of its own choice is bound as %s is', (name, setting) => {
  const [least, most] = BOUNDS[name];
  const taken = [least - 1, least, most, most + 1].map(value => setting.safeParse(value).success);
  expect(taken).toEqual([false, true, true, false]);
});
