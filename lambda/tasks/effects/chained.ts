/**
 * Calls that end with the one whose flow wanted them. Each is noted on its parent before any phone rings, and whoever
 * finds the parent ended hangs up.
 */
import { askCarrier } from '../../app/ask-carrier.ts';
import { change } from '../../app/change.ts';
import type { Context } from '../../app/context.ts';
import { type Call, carrierId } from '../../call/call.ts';
import type { Done } from '../../call/flow-todo.ts';
import type { Subject } from './subject.ts';
import { tried } from './tries.ts';

/** Hang up what ends with a call that is over. */
export async function endChained(context: Context, { call: id }: Subject): Promise<Done> {
  const call = await context.store.calls.one(id);
  return (await hangUpAll(context, call?.chained ?? [])) ? {} : 'later';
}

/** @returns false for a call that has ended, for which nothing more is to be placed */
export async function chain(context: Context, parent: string, ids: string[]): Promise<boolean> {
  const changed = await change(context, parent, ({ call, agents }) => {
    const chained = [...new Set([...(call.chained ?? []), ...ids])];
    const isKnown = chained.length === call.chained?.length;
    return { call: call.state === 'ended' || isKnown ? call : { ...call, chained }, agents };
  });
  return changed !== undefined && changed.call.state !== 'ended';
}

export async function isOver(context: Context, id: string): Promise<boolean> {
  const call = await context.store.calls.one(id);
  return call === undefined || call.state === 'ended';
}

/** @returns whether all of them are over, or about to be */
export async function hangUpAll(context: Context, ids: string[]): Promise<boolean> {
  const calls = await context.store.calls.some(ids);
  const results = await Promise.all(calls.map(call => call.state === 'ended' || hangUp(context, call)));
  return results.every(Boolean);
}

/** The carrier does not know a call that it has not named yet; its ring is not over before it is known. */
async function hangUp(context: Context, call: Call): Promise<boolean> {
  if (call.carrier_id === undefined) return false;
  const attempt = () => askCarrier(context, client => client.hangUp(carrierId(call)));
  const { kind } = await tried(
    context,
    attempt,
    ({ kind }) => kind !== 'unavailable' && kind !== 'rate_limited',
  );
  return kind === 'ok' || kind === 'gone';
}
