/** Readings of a call's story: what the caller heard, which phones rang. */
import type { Call, Entry } from '../../carrier/index.ts';

/** Words, music with its length, and conversations, in the order in which the caller heard them. */
export function heard(call: Call): string[] {
  return call.story.entries.flatMap((entry: Entry) => {
    if (entry.kind === 'says') return [entry.text];
    if (entry.kind === 'plays') return [`music ${Math.round(entry.ms / 1000)} s`];
    if (entry.kind === 'bridged') return [`bridged ${e164(entry.to)}`];
    if (entry.kind === 'records') return ['beep'];
    return [];
  });
}

/** Numbers that rang, in order. */
export const rung = (call: Call): string[] =>
  call.story.entries.flatMap((entry: Entry) => (entry.kind === 'rings' ? [e164(entry.to)] : []));

/** Events and results of the webhooks, in the order in which the carrier sent them. */
export const webhooks = (call: Call): string[] =>
  call.story.entries.flatMap((entry: Entry) => (entry.kind === 'request' ? [entry.event] : []));

const e164 = (number: string) => (number.startsWith('+') ? number : `+${number}`);

/** Waits for what happens on a call: an entry of this kind, the n-th if need be, or words that the caller hears. */
export function happens(call: Call, what: Entry['kind'] | { hears: RegExp }, times = 1): Promise<void> {
  const matches = (entry: Entry) =>
    typeof what === 'string' ? entry.kind === what : entry.kind === 'says' && what.hears.test(entry.text);
  return new Promise((resolve, reject) => {
    let left = times;
    const see = (entry: Entry) => {
      if (matches(entry) && --left === 0) resolve();
      if (entry.kind === 'done' && left > 0)
        reject(
          new Error(`It never came to ${JSON.stringify(what)} ${times} times: ${heard(call).join(' | ')}`),
        );
    };
    call.story.follow(see);
    for (const entry of [...call.story.entries]) see(entry);
  });
}

/** The record's rings as `result` of the agents' numbers, in order. */
export const rings = (record: { rings: { agents: string[]; result: string }[] }): string[] =>
  record.rings.map(({ agents, result }) => `${agents.join(' ')} ${result}`);

const OUTCOMES = [
  'connected',
  'abandoned',
  'voicemails',
  'callbacks',
  'overflows',
  'rejected',
  'failed',
  'waiting',
];

/** The outcomes that a report counts, zeros left out. Throws when they do not add up to its total. */
export function tally(metrics: Record<string, number>): Record<string, number> {
  const counted = OUTCOMES.flatMap(name => (metrics[name] ? [[name, metrics[name]] as const] : []));
  const sum = counted.reduce((total, [, count]) => total + count, 0);
  if (sum !== metrics.total_calls)
    throw new Error(`${metrics.total_calls} calls, but ${JSON.stringify(counted)}`);
  return Object.fromEntries(counted);
}
