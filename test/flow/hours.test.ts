/** The clock on the wall, somewhere, and what it is compared with. */
import { describe, expect, test } from 'vitest';
import { type Hours, isOpen, isTimeZone } from '../../lambda/flow/hours.ts';

const ANY: Hours = {
  condition: '==',
  minute: -1,
  hour: -1,
  day: -1,
  month: 0,
  weekdays: [],
  timezone: 'UTC',
  holidays: [],
};
const at = (time: string, hours: Partial<Hours>) => isOpen({ ...ANY, ...hours }, Date.parse(`${time}:00Z`));

const BERLIN = 'Europe/Berlin';

describe('comparisons', () => {
  const cases: [Partial<Hours>, yes: string[], no: string[]][] = [
    [{}, ['2026-03-04T12:00'], []],
    [
      { condition: '>=', hour: 9, minute: 30 },
      ['2026-03-04T09:30', '2026-03-04T10:15'],
      ['2026-03-04T09:29'],
    ],
    [{ condition: '<', hour: 17, minute: 0 }, ['2026-03-04T16:59', '2026-03-04T00:00'], ['2026-03-04T17:00']],
    [{ condition: '>', hour: 9 }, ['2026-03-04T10:00'], ['2026-03-04T09:59']],
    [{ condition: '<=', hour: 9 }, ['2026-03-04T09:59'], ['2026-03-04T10:00']],
    [
      { condition: '==', hour: 9, minute: 30 },
      ['2026-03-04T09:30'],
      ['2026-03-04T09:31', '2026-03-04T10:30'],
    ],
    [
      { condition: '!=', hour: 9, minute: 30 },
      ['2026-03-04T09:31', '2026-03-04T10:30'],
      ['2026-03-04T09:30'],
    ],
    [
      { condition: '>=', month: 12, day: 20 },
      ['2026-12-20T00:00', '2026-12-31T00:00'],
      ['2026-12-19T23:59', '2026-01-25T00:00'],
    ],
    [{ condition: '==', day: 1 }, ['2026-05-01T00:00'], ['2026-05-02T00:00']],
    [{ condition: '!=', month: 12, day: 25 }, ['2026-12-24T00:00', '2026-11-25T00:00'], ['2026-12-25T12:00']],
    [{ condition: '>=', month: 6, hour: 9 }, ['2026-07-01T09:00'], ['2026-07-01T08:00', '2026-05-01T10:00']],
    [
      { weekdays: [0, 6] },
      ['2026-03-07T00:00', '2026-03-08T23:59'],
      ['2026-03-06T23:59', '2026-03-09T00:00'],
    ],
    [
      { holidays: ['12-25', '2026-04-06'] },
      ['2027-04-06T12:00', '2026-12-24T12:00'],
      ['2026-12-25T12:00', '2027-12-25T00:00', '2026-04-06T12:00'],
    ],
    [
      { from: '09:00', to: '17:30' },
      ['2026-03-04T09:00', '2026-03-04T17:29'],
      ['2026-03-04T08:59', '2026-03-04T17:30'],
    ],
    [{ from: '09:00' }, ['2026-03-04T23:59'], ['2026-03-04T08:59']],
    [{ to: '09:00' }, ['2026-03-04T00:00'], ['2026-03-04T09:00']],
  ];

  test.each(cases)('%j', (hours, yes, no) => {
    for (const time of yes) expect(at(time, hours), time).toBe(true);
    for (const time of no) expect(at(time, hours), time).toBe(false);
  });
});

describe('a range past midnight', () => {
  const night = { from: '22:00', to: '06:00', weekdays: [5], holidays: ['03-13'] };

  test('belongs to the day it began', () => {
    expect(at('2026-03-06T22:00', night)).toBe(true);
    expect(at('2026-03-07T05:59', night)).toBe(true);
    expect(at('2026-03-07T06:00', night)).toBe(false);
    expect(at('2026-03-06T05:00', night)).toBe(false);
    expect(at('2026-03-07T22:00', night)).toBe(false);
    expect(at('2026-03-14T05:00', night)).toBe(false);
  });
});

describe('time zones', () => {
  const office = { from: '09:00', to: '17:00', timezone: BERLIN };

  test('summer time begins and ends', () => {
    expect(at('2026-03-28T08:00', office)).toBe(true);
    expect(at('2026-03-28T07:59', office)).toBe(false);
    expect(at('2026-03-29T07:00', office)).toBe(true);
    expect(at('2026-03-29T06:59', office)).toBe(false);
    expect(at('2026-10-25T08:00', office)).toBe(true);
    expect(at('2026-10-25T07:59', office)).toBe(false);
  });

  test('it is tomorrow already, or half an hour later', () => {
    expect(at('2026-03-06T23:30', { timezone: BERLIN, weekdays: [6] })).toBe(true);
    expect(at('2026-12-31T18:29', { timezone: 'Asia/Kolkata', condition: '==', month: 12, day: 31 })).toBe(
      true,
    );
    expect(at('2026-12-31T18:30', { timezone: 'Asia/Kolkata', condition: '==', month: 1, day: 1 })).toBe(
      true,
    );
  });

  test('are known or not', () => {
    expect(['UTC', BERLIN, 'America/New_York'].every(isTimeZone)).toBe(true);
    expect(['', 'Berlin', 'Europe/Nowhere', '${zone}'].some(isTimeZone)).toBe(false);
  });
});
