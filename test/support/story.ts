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
