/** What leaves the functions as text: log lines, metrics, masked numbers; and what comes in as settings. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { log } from '../../lambda/platform/log.ts';
import { embedded, publish } from '../../lambda/platform/metrics.ts';
import { mask } from '../../lambda/platform/numbers.ts';
import { output } from '../../lambda/platform/output.ts';
import { settingsFrom } from '../../lambda/platform/settings.ts';

const real = { ...output };
let lines: { out: string[]; err: string[] };
beforeEach(() => {
  lines = { out: [], err: [] };
  output.out = line => lines.out.push(line);
  output.err = line => lines.err.push(line);
});
afterEach(() => {
  Object.assign(output, real);
});

it('a log line is one JSON object, its text from outside escaped', () => {
  log.info('A call came in', { from: mask('+919876543210'), name: 'a"b\nc' });
  expect(lines.out).toHaveLength(1);
  expect(JSON.parse(lines.out[0] ?? '')).toMatchObject({ level: 'INFO', from: '…3210', name: 'a"b\nc' });
});

it('an error tells its name and message, not its stack', () => {
  log.error('It broke', new TypeError('odd'));
  expect(JSON.parse(lines.err[0] ?? '')).toMatchObject({ level: 'ERROR', error: 'TypeError', detail: 'odd' });
  expect(lines.err[0]).not.toContain('words.test');
});

it('a metric of an assistant counts for it and for the whole, apart from those of a queue of that name', () => {
  publish(
    [
      { name: 'AssistantCalls', value: 1, assistant: 'a' },
      { name: 'Offers', value: 1, queue: 'a' },
    ],
    0,
  );
  const [assistant, queue] = lines.out.map(line => JSON.parse(line));
  expect(assistant).toMatchObject({ assistant: 'a', AssistantCalls: [1] });
  expect(assistant._aws.CloudWatchMetrics[0].Dimensions).toEqual([[], ['assistant']]);
  expect(assistant).not.toHaveProperty('queue');
  expect(queue).toMatchObject({ queue: 'a', Offers: [1] });
});

it('a metric counts for its queue and for the whole, in one document for each queue', () => {
  publish(
    [
      { name: 'Offers', value: 1, queue: 'a' },
      { name: 'WaitMilliseconds', value: 5, queue: 'a' },
      { name: 'Offers', value: 1, queue: 'b' },
    ],
    1000,
  );
  expect(lines.out.map(line => JSON.parse(line).queue)).toEqual(['a', 'b']);
  expect(JSON.parse(lines.out[0] ?? '')).toEqual({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [
        {
          Namespace: 'Switchboard',
          Dimensions: [[], ['queue']],
          Metrics: [
            { Name: 'Offers', Unit: 'Count' },
            { Name: 'WaitMilliseconds', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    queue: 'a',
    Offers: [1],
    WaitMilliseconds: [5],
  });
});

it('a metric of no queue has no dimension', () => {
  expect(JSON.parse(embedded([{ name: 'StoreRetries', value: 1 }], 0))).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [[]] }] },
  });
});

it.each([
  ['+919876543210', '…3210'],
  ['+1234567', '…4567'],
  ['12345', '…'],
  ['', '…'],
])('%s is shown as %s', (number, shown) => {
  expect(mask(number)).toBe(shown);
});

it('settings have defaults, and all that are wrong are named at once with the remedy', () => {
  expect(settingsFrom({ PUBLIC_URL: 'https://calls.example.com/' })).toMatchObject({
    PUBLIC_URL: 'https://calls.example.com',
    HOLD_WAIT_SECS: 20,
    MAX_WAIT_CYCLES: 3,
    RING_TIMEOUT_SECS: 15,
    WRAP_UP_SECS: 0,
  });
  const wrong = { PUBLIC_URL: 'nowhere', FROM_NUMBER: '123', HOLD_WAIT_SECS: 'long' };
  expect(() => settingsFrom(wrong)).toThrow(/FROM_NUMBER: .*E\.164.*HOLD_WAIT_SECS: .*PUBLIC_URL: /);
});
