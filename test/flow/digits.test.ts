/** Keys: when an input is over, and what is kept of it. */
import { expect, test } from 'vitest';
import { flowOf, Line } from './line.ts';

const RECEIVE = 'digits_receive';
const DIGITS = 'voipbin.call.digits';

const asking = (option: object, variables: Record<string, string> = {}) =>
  new Line(flowOf([{ type: RECEIVE, option: { ...option } }]), { variables });

/** What each document's keys lead to in the end. */
const cases: [what: string, option: object, given: string[], digits: string, result: string][] = [
  ['one key, by default', {}, ['7'], '7', 'length'],
  ['nothing', { length: 4 }, [''], '', 'timeout'],
  ['all of them', { length: 4 }, ['1234'], '1234', 'length'],
  ['the rest after a pause', { length: 4 }, ['12', '34'], '1234', 'length'],
  ['too few of them', { length: 4 }, ['12', ''], '12', 'timeout'],
  ['up to the end key', { length: 15, key: '#' }, ['123#'], '123', 'key'],
  ['the end key after a pause', { key: '#' }, ['123', '45#'], '12345', 'key'],
  ['the end key alone is kept', { key: '#' }, ['#'], '#', 'key'],
  ['any of several end keys', { key: '*#' }, ['12*3'], '12', 'key'],
  ['what follows the end key is dropped', { key: '#' }, ['1#2#'], '1', 'key'],
  ['no end key, but enough', { length: 3, key: '#' }, ['123'], '123', 'length'],
  ['a pause, where a pause ends it', { length: 9, pause: 3 }, ['12'], '12', 'pause'],
];

test.each(cases)('%s', (_, option, given, digits, result) => {
  const line = asking(option);
  for (const pressed of given) {
    expect(line.waits).toBe('digits');
    line.tell({ type: 'digits', digits: pressed });
  }
  expect(line.waits).toBe('hung_up');
  expect([line.variable(DIGITS), line.variable('digits.result')]).toEqual([digits, result]);
});

test('what was pressed before is forgotten, unless it is wanted', () => {
  const before = { [DIGITS]: '1' };
  expect(asking({ length: 1 }, before).variable(DIGITS)).toBe('');
  const early = asking({ length: 1, type_ahead: true }, before);
  expect([early.waits, early.variable(DIGITS)]).toEqual(['hung_up', '1']);
  const partly = asking({ length: 3, type_ahead: true }, before);
  expect(partly.verbs).toMatchObject([{ verb: 'gather', length: 2 }]);
  expect(partly.tell({ type: 'digits', digits: '23' }).variable(DIGITS)).toBe('123');
});

test('the window closes on a slow typist', () => {
  const line = asking({ length: 10, duration: 10_000 });
  expect(line.verbs).toMatchObject([{ window_secs: 10 }]);
  line.tell({ type: 'digits', digits: '1' }, 3000);
  expect(line.verbs).toMatchObject([{ window_secs: 10, length: 9 }]);
  line.tell({ type: 'digits', digits: '2' }, 4000);
  expect(line.verbs).toMatchObject([{ window_secs: 6, length: 8 }]);
  line.tell({ type: 'digits', digits: '3' }, 4000);
  expect(line.verbs).toMatchObject([{ window_secs: 5 }]);
  line.tell({ type: 'digits', digits: '4' }, 4000);
  expect([line.waits, line.variable(DIGITS)]).toEqual(['hung_up', '1234']);
});

test('the window is no shorter than what the carrier takes', () => {
  expect(asking({ duration: 100 }).verbs).toMatchObject([{ window_secs: 5 }]);
});

test('and a longer one is listened through in parts, until it is over', () => {
  const line = asking({ duration: 150_000, length: 2 });
  const windows = [60, 60, 30].map(secs => {
    expect(line.waits).toBe('digits');
    const [heard] = line.verbs;
    line.tell({ type: 'digits', digits: '' }, secs * 1000);
    return heard;
  });
  expect(windows).toMatchObject([{ window_secs: 60 }, { window_secs: 60 }, { window_secs: 30 }]);
  expect([line.waits, line.variable('digits.result')]).toEqual(['hung_up', 'timeout']);
});

test('keys in a later part count like those in the first', () => {
  const line = asking({ duration: 90_000, length: 2 }).tell({ type: 'digits', digits: '' }, 60_000);
  line.tell({ type: 'digits', digits: '1' });
  expect(line.verbs).toMatchObject([{ window_secs: 60, length: 1 }]);
  line.tell({ type: 'digits', digits: '' }, 60_000).tell({ type: 'digits', digits: '2' });
  expect([line.waits, line.variable(DIGITS)]).toEqual(['hung_up', '12']);
});

test('keys count while the prompts right before play, not before anything else', () => {
  const line = new Line(
    flowOf([
      { type: 'talk', option: { text: 'Welcome.' } },
      { type: 'sleep', option: { duration: 1000 } },
      { type: 'beep' },
      { type: 'talk', option: { text: 'Press one.' } },
      { type: RECEIVE },
    ]),
  );
  expect(line.verbs).toMatchObject([
    { verb: 'speak', text: 'Welcome.' },
    { verb: 'wait' },
    { verb: 'gather', prompts: [{ verb: 'beep' }, { verb: 'speak', text: 'Press one.' }] },
  ]);
});
