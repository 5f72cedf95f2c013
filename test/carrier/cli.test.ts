import { describe, expect, it } from 'vitest';
import { listScenarios, readOptions, UsageError } from '../../carrier/cli-options.ts';
import { narrate } from '../../carrier/narrate.ts';

describe('the command line', () => {
  it('plays the answered scenario at five times the speed of life by default', () => {
    const { name, scenario, json } = readOptions([]);
    expect({ name, speed: scenario.speed, json }).toEqual({ name: 'answered', speed: 5, json: false });
    expect(scenario.expect.outcome).toBe('bridged');
  });

  it('lays options over the scenario', () => {
    const { scenario } = readOptions([
      '--from',
      '+911234567890',
      '--to',
      '+918888888888',
      '--digits',
      '1#',
      '--speed',
      '20',
    ]);
    expect(scenario.speed).toBe(20);
    expect(scenario.callers[0]).toMatchObject({
      from: '+911234567890',
      to: '+918888888888',
      presses: [{ digits: '1#', on: 'says', after: 2 }],
    });
  });

  it('says what is wrong with an option', () => {
    expect(() => readOptions(['--sped', '3'])).toThrow(UsageError);
    expect(() => readOptions(['--speed', 'fast'])).toThrow('--speed must be a number');
    expect(() => readOptions(['--scenario', 'party'])).toThrow('There is no scenario "party"');
    expect(() => readOptions(['--from', 'me'])).toThrow('must be a telephone number');
  });

  it.each(
    listScenarios()
      .split('\n')
      .map(line => line.trim().split(' ')[0] ?? ''),
  )('comes with the scenario %s', name => {
    const { scenario } = readOptions(['--scenario', name]);
    expect(scenario.about).not.toBe('');
    expect(scenario.expect.outcome).toBeDefined();
  });
});

describe('the narration', () => {
  const told = (entry: object, xml = false) =>
    narrate({ caller: 0, since: 60_000, entry: { at: 5_200, ...entry } as never }, { crowd: false, xml });

  it('tells what is heard, and XML only when asked', () => {
    expect(told({ kind: 'says', text: 'Hello', ms: 400 })).toMatch(/1:05\.2 .*says.*Hello/);
    const reply = {
      kind: 'reply',
      event: 'StartApp',
      url: 'http://a/answer?key=secret',
      status: 200,
      realMs: 3,
      body: '<Response/>',
    };
    expect(told(reply)).toBeUndefined();
    expect(told(reply, true)).toContain('<Response/>');
  });

  it('never shows the key of a URL', () => {
    const failed = {
      kind: 'reply',
      event: 'StartApp',
      url: 'http://a/answer?key=secret',
      status: 500,
      realMs: 3,
      body: '',
    };
    expect(told(failed)).toContain('/answer (StartApp): HTTP 500');
    expect(told(failed)).not.toContain('secret');
  });
});
