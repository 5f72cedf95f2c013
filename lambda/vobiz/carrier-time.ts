/** The carrier's three ways to write a moment, as epoch milliseconds. */

/** India has one time zone, and no daylight saving. */
const IST = '+05:30';

/** `SessionStart`: `YYYY-MM-DD HH:mm:ss.ffffff`, UTC. */
export function fromUtc(text: string | undefined): number | undefined {
  return epochMs(text, 'Z');
}

/** `StartTime`, `AnswerTime`, `EndTime`: `YYYY-MM-DD HH:mm:ss`, IST, in the same payload. */
export function fromIst(text: string | undefined): number | undefined {
  return epochMs(text, IST);
}

/** A zone in the text itself (ISO 8601, as in call records) wins over the assumed one. */
function epochMs(text: string | undefined, assumedZone: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(text?.trim() ?? '');
  if (!parts) return undefined;
  const [, date, time, fraction = '', zone = assumedZone] = parts;
  const moment = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(moment) ? undefined : moment;
}
