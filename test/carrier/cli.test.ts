import { describe, expect, it } from 'vitest';
import { listScenarios, readOptions, UsageError } from '../../carrier/cli-options.ts';
import { narrate } from '../../carrier/narrate.ts';

describe('the command line', () => {
  it('plays the answered scenario at the speed of life by default', () => {
    const { name, scenario, json } = readOptions([]);
    expect({ name, speed: scenario.speed, json }).toEqual({ name: 'answered', speed: 1, json: false });
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
    const refusals = [
      [['--sped', '3'], '"--sped" is not an option. See npm run call -- --help.'],
      [['party'], '"party" is not an option.'],
      [['--speed'], '--speed needs a value.'],
      [['--speed', 'fast'], '--speed is "fast" but must be a number'],
      [['--speed', '-1'], '--speed is "-1" but must be a number above 0'],
      [['--speed', '0'], '--speed is "0" but must be a number above 0'],
      [['--speed', '1001'], '--speed is "1001" but must be a number up to 1000'],
      [['--scenario', 'party'], 'There is no scenario "party"'],
      [['--from', '12'], '--from is "12" but must be a telephone number'],
      [['--to', 'me'], '--to is "me" but must be a telephone number'],
      [['--digits', '1a'], '--digits is "1a" but must be keys'],
    ] as const;
    for (const [args, words] of refusals) {
      expect(() => readOptions([...args])).toThrow(UsageError);
      expect(() => readOptions([...args])).toThrow(words);
    }
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

  it('never tells of sixty seconds in a minute', () => {
    expect(told({ kind: 'answered', at: -20 })).toContain('1:00.0 ');
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
