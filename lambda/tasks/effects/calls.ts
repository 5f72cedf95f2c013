/**
 * Calls that a flow wants placed. A call's id follows from who wants it and where it goes, so that performing the effect
 * again places nothing twice. A chained one is noted on its parent before any phone rings, and whoever finds the parent
 * ended hangs up.
 */
import { createHash } from 'node:crypto';
import { askCarrier } from '../../app/ask-carrier.ts';
import { change } from '../../app/change.ts';
import type { Context } from '../../app/context.ts';
import { flowOf } from '../../app/flows.ts';
import { placeCall } from '../../app/place-call.ts';
import { type Call, carrierId, ownNumber } from '../../call/call.ts';
import type { Dialled } from '../../call/flow-run.ts';
import type { Done } from '../../call/flow-todo.ts';
import type { Effect } from '../../flow/effect.ts';
import { phoneNumber } from '../../vobiz/phone-number.ts';
import { newsId, type Subject } from './subject.ts';
import { tried } from './tries.ts';

const RING_SECS = 60;
/** A flow whose call runs a flow that calls ... would ring phones for ever. */
const DEEPEST = 5;

type CallEffect = Extract<Effect, { do: 'call' }>;

export async function placeCalls(context: Context, subject: Subject, effect: CallEffect): Promise<Done> {
  const { flow: flowId, actions = [], chained } = effect;
  const flow: Dialled = flowId === undefined ? { actions } : { id: flowId };
  if (flowId !== undefined && !(await flowOf(context, flowId)))
    return { failed: 'the flow of the new call does not exist, or was never published' };
  const parent = await context.store.calls.one(subject.call);
  const from = phoneNumber(effect.from) || context.settings.FROM_NUMBER || (parent ? ownNumber(parent) : '');
  const calls = [...new Set(effect.to.map(phoneNumber))].map(to => ({ id: idOf(subject, effect, to), to }));
  const ids = calls.map(({ id }) => id);
  if (calls.some(({ to }) => to === from)) return { failed: 'a line cannot call itself' };
  const depth = (parent?.dial?.depth ?? 0) + 1;
  if (depth > DEEPEST) return { failed: `no more than ${DEEPEST} calls are placed one by the other` };
  if (chained && !(await chain(context, subject.call, ids))) return {};
  const placed: Call[] = [];
  for (const { id, to } of calls)
    placed.push(
      await placeCall(context, {
        ...{ id, from, to, flow, depth, variables: effect.variables },
        ring_timeout_secs: RING_SECS,
        detectMachines: false,
      }),
    );
  if (chained && (await isOver(context, subject.call))) await hangUpAll(context, ids);
  const refused = placed.filter(({ dial }) => dial?.result === 'refused').length;
  return refused === 0 ? {} : { failed: `the carrier refused ${refused} of ${calls.length} calls` };
}

/** Hang up what ends with a call that is over. */
export async function endChained(context: Context, { call: id }: Subject): Promise<Done> {
  const call = await context.store.calls.one(id);
  return (await hangUpAll(context, call?.chained ?? [])) ? {} : 'later';
}

/** @returns false for a call that has ended, for which nothing more is to be placed */
async function chain(context: Context, parent: string, ids: string[]): Promise<boolean> {
  const changed = await change(context, parent, ({ call, agents }) => {
    const chained = [...new Set([...(call.chained ?? []), ...ids])];
    const isKnown = chained.length === call.chained?.length;
    return { call: call.state === 'ended' || isKnown ? call : { ...call, chained }, agents };
  });
  return changed !== undefined && changed.call.state !== 'ended';
}

async function isOver(context: Context, id: string): Promise<boolean> {
  const call = await context.store.calls.one(id);
  return call === undefined || call.state === 'ended';
}

/** @returns whether all of them are over, or about to be */
async function hangUpAll(context: Context, ids: string[]): Promise<boolean> {
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

const idOf = (subject: Subject, { id }: CallEffect, to: string): string =>
  createHash('sha256')
    .update(`${newsId(subject, id)} ${to}`)
    .digest('hex')
    .slice(0, 32);
