/**
 * The time of day somewhere, and how it compares. Summer time is Intl's matter: what counts is what the clock on the
 * wall shows.
 */
import { type Comparison, holds } from './options.ts';

export interface Hours {
  condition: Comparison;
  /** Negative: any. */
  minute: number;
  hour: number;
  /** 0 or less: any. */
  day: number;
  month: number;
  /** Sunday is 0; none: every day. */
  weekdays: readonly number[];
  /** IANA. */
  timezone: string;
  /** `HH:MM`, included. */
  from?: string | undefined;
  /** `HH:MM`, excluded; at or before `from`: of the next day. */
  to?: string | undefined;
  /** `YYYY-MM-DD`, or `MM-DD` of every year. */
  holidays: readonly string[];
}

/** A day that the calendar has, of a year or of every year. */
export const DATE =
  /^(\d{4}-)?((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|[12]\d))$/;

interface Clock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  weekday: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** @param now epoch ms */
export function isOpen(hours: Hours, now: number): boolean {
  const clock = clockAt(now, hours.timezone);
  const minutes = clock.hour * 60 + clock.minute;
  const range = rangeOf(hours);
  if (range && !isWithin(minutes, range)) return false;
  // After midnight a range that began yesterday still belongs to yesterday.
  const yesterdays = range !== undefined && range.from >= range.to && minutes < range.to;
  return isDay(hours, yesterdays ? dayBefore(clock) : clock) && compares(hours, clock);
}

/** Month and day are one date, hour and minute one time; both must hold, for `!=` either. */
function compares({ condition, month, day, hour, minute }: Hours, clock: Clock): boolean {
  const date = order([
    [month > 0, clock.month, month],
    [day > 0, clock.day, day],
  ]);
  const time = order([
    [hour >= 0, clock.hour, hour],
    [minute >= 0, clock.minute, minute],
  ]);
  const orders = [date, time].filter(one => one !== undefined);
  if (orders.length === 0) return true;
  return condition === '!='
    ? orders.some(one => holds(one, condition))
    : orders.every(one => holds(one, condition));
}

/** The first part that differs decides. @returns undefined where no part is given */
function order(parts: [given: boolean, now: number, wanted: number][]): number | undefined {
  const given = parts.filter(([isGiven]) => isGiven);
  const decisive = given.find(([, now, wanted]) => now !== wanted);
  if (decisive) return decisive[1] - decisive[2];
  return given.length === 0 ? undefined : 0;
}

function isDay({ weekdays, holidays }: Hours, { year, month, day, weekday }: Clock): boolean {
  const date = `${two(month)}-${two(day)}`;
  const isHoliday = holidays.includes(date) || holidays.includes(`${year}-${date}`);
  return !isHoliday && (weekdays.length === 0 || weekdays.includes(weekday));
}

interface Range {
  from: number;
  to: number;
}

function rangeOf({ from, to }: Hours): Range | undefined {
  if (from === undefined && to === undefined) return undefined;
  return { from: minutesOf(from ?? '00:00'), to: minutesOf(to ?? '24:00') };
}

const isWithin = (minutes: number, { from, to }: Range): boolean =>
  from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

const two = (value: number): string => String(value).padStart(2, '0');

function dayBefore({ year, month, day, weekday, ...time }: Clock): Clock {
  const date = new Date(Date.UTC(year, month - 1, day) - DAY_MS);
  return {
    ...time,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: (weekday + 6) % 7,
  };
}

function clockAt(now: number, timezone: string): Clock {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(new Date(now))
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, hour: part('hour'), minute: part('minute'), weekday };
}

/** To make one is slow. */
function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timezone, format);
  return format;
}
