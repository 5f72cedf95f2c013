/** What AWS charges for a minute of a call: from what was counted, beside what the design's arithmetic foresees. */
import type { Figure } from '../report.ts';

/** Of so many minutes of calls together. */
export interface Counted {
  minutes: number;
  inbound: number;
  outbound: number;
  invocations: number;
  /** Request units of DynamoDB. */
  read: number;
  write: number;
}

/** List prices, us-east-1, dollars. */
const PRICE = { message: 1e-6, invocation: 0.2e-6, gbSecond: 13.3334e-6, write: 0.625e-6, read: 0.125e-6 };
/** A run of `stream`, an estimate, and a minute of `session`. */
const STREAM_GB_SECS = 0.008 * 0.25;
const SESSION_GB_SECS = 60 * 0.5;

/** Fifty frames a second, each logged and run for; 25 polls a second; audio out in five messages a second. */
const ARITHMETIC: Counted = {
  minutes: 1,
  inbound: 3000,
  outbound: 300,
  invocations: 3000,
  read: 1500,
  write: 3000,
};

/** The cost of one is told in hundredths of a cent. */
const MINUTES = 100_000;

/** What was counted between two moments. */
export function between(before: Counted, after: Counted): Counted {
  const names = Object.keys(before) as (keyof Counted)[];
  const differences = names.map(name => [name, after[name] - before[name]]);
  return Object.fromEntries(differences) as Record<keyof Counted, number>;
}

export function costFigures(counted: Counted): Figure[] {
  const line = (what: string, unit: string, of: keyof Counted): Figure => ({
    what,
    value: counted[of] / counted.minutes,
    unit,
    against: { name: 'arithmetic', value: ARITHMETIC[of] },
  });
  return [
    line('messages in', '/min', 'inbound'),
    line('messages out', '/min', 'outbound'),
    line('runs of stream', '/min', 'invocations'),
    line('written', 'WRU/min', 'write'),
    line('read', 'RRU/min', 'read'),
    {
      what: `cost of ${MINUTES.toLocaleString('en')} minutes, without the providers`,
      value: MINUTES * dollars(counted),
      unit: '$',
      against: { name: 'arithmetic', value: MINUTES * dollars(ARITHMETIC) },
    },
  ];
}

/** Of one minute. */
function dollars({ minutes, inbound, outbound, invocations, read, write }: Counted): number {
  const messages = (inbound + outbound) * PRICE.message;
  const runs = invocations * (PRICE.invocation + STREAM_GB_SECS * PRICE.gbSecond);
  const units = write * PRICE.write + read * PRICE.read;
  return (messages + runs + units) / minutes + SESSION_GB_SECS * PRICE.gbSecond;
}
