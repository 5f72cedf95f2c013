/**
 * Calls that a flow wants placed. A call's id follows from who wants it and where it goes, so that performing the effect
 * again places nothing twice. It is done when something was heard of each call: whoever dies before the carrier is
 * asked leaves a record of which nothing ever will be.
 */
import { createHash } from 'node:crypto';
import type { Context } from '../../app/context.ts';
import { flowOf } from '../../app/flows.ts';
import { placeCall } from '../../app/place-call.ts';
import { type Call, ownNumber } from '../../call/call.ts';
import type { Dialled } from '../../call/flow-run.ts';
import type { Done } from '../../call/flow-todo.ts';
import type { Effect } from '../../flow/effect.ts';
import { phoneNumber } from '../../vobiz/phone-number.ts';
import { chain, hangUpAll, isOver } from './chained.ts';
import { DEEPEST, permitted, type Wanted } from './limits.ts';
import { newsId, type Subject } from './subject.ts';

const RING_SECS = 60;

type CallEffect = Extract<Effect, { do: 'call' }>;

export async function placeCalls(context: Context, subject: Subject, effect: CallEffect): Promise<Done> {
  const { flow: flowId, actions = [], chained, variables } = effect;
  const flow: Dialled = flowId === undefined ? { actions } : { id: flowId };
  if (flowId !== undefined && !(await flowOf(context, flowId)))
    return { failed: 'the flow of the new call does not exist, or was never published' };
  const parent = await context.store.calls.one(subject.call);
  const depth = (parent?.dial?.depth ?? 0) + 1;
  if (depth > DEEPEST) return { failed: `no more than ${DEEPEST} calls are placed one by the other` };
  const line = parent ? ownNumber(parent) : '';
  const from = phoneNumber(effect.from) || context.settings.FROM_NUMBER || line;
  const root = parent?.dial?.root ?? subject.call;
  const { calls, whyNot } = await permitted(context, root, [from, line], wantedBy(subject, effect));
  const ids = calls.map(({ id }) => id);
  if (chained && !(await chain(context, subject.call, ids))) return {};
  const terms = { from, flow, depth, root, variables, ring_timeout_secs: RING_SECS, detectMachines: false };
  const placed: Call[] = [];
  for (const call of calls) placed.push(await placeCall(context, { ...terms, ...call }));
  if (chained && (await isOver(context, subject.call))) await hangUpAll(context, ids);
  return placed.some(isOpen) ? 'later' : outcomeOf([...whyNot, ...failuresOf(placed)]);
}

function wantedBy(subject: Subject, effect: CallEffect): Wanted[] {
  const numbers = [...new Set(effect.to.map(phoneNumber))];
  return numbers.map(to => ({ id: idOf(subject, effect, to), to }));
}

const idOf = (subject: Subject, { id }: CallEffect, to: string): string =>
  createHash('sha256')
    .update(`${newsId(subject, id)} ${to}`)
    .digest('hex')
    .slice(0, 32);

/** The carrier may have it, or nobody has asked: its webhooks will tell, or the sweeper ends it. */
const isOpen = ({ state, carrier_id }: Call): boolean => state === 'dialing' && carrier_id === undefined;

function failuresOf(placed: Call[]): string[] {
  const refused = placed.filter(({ dial }) => dial?.result === 'refused');
  const unheard = placed.filter(call => call.carrier_id === undefined && !refused.includes(call));
  return [
    ...(refused.length > 0 ? [`the carrier refused ${refused.length} of ${placed.length} calls`] : []),
    ...(unheard.length > 0 ? [`nothing was heard of ${unheard.length} of ${placed.length} calls`] : []),
  ];
}

const outcomeOf = (failures: string[]): Done =>
  failures.length === 0 ? {} : { failed: failures.join('; ') };
