/**
 * Every minute: put an end to whatever leaked. In a healthy deployment it finds nothing to end, because every
 * event ends its own things; it is here for lost webhooks, dead processes and the turn of the hour.
 */
import { publish } from '../platform/metrics.ts';
import { type Context, contextFromEnv } from './context.ts';
import { dispatch } from './dispatch.ts';
import { freeStrandedAgents } from './sweep/agents.ts';
import { endLostCalls } from './sweep/calls.ts';
import { gauges } from './sweep/gauges.ts';
import { rollUpClosedHours } from './sweep/rollup.ts';

export const handler = () => sweep(contextOnce());

let context: Context | undefined;
const contextOnce = () => (context ??= contextFromEnv(process.env));

export async function sweep(context: Context): Promise<void> {
  const queues = await endLostCalls(context);
  await freeStrandedAgents(context);
  await dispatch(context, queues);
  publish(await gauges(context, queues), context.now());
  await rollUpClosedHours(context);
}
