/**
 * Every minute: put an end to whatever leaked. In a healthy deployment it finds nothing to end, because every
 * event ends its own things; it is here for lost webhooks, dead processes and the turn of the hour.
 */

import type { Context } from '../app/context.ts';
import { dispatch } from '../app/dispatch.ts';
import { publish } from '../platform/metrics.ts';
import { freeStrandedAgents } from './agents.ts';
import { endLostCalls, queuesInUse } from './calls.ts';
import { gauges } from './gauges.ts';
import { rollUpClosedHours } from './rollup.ts';

export async function sweep(context: Context): Promise<void> {
  await freeStrandedAgents(context);
  const queues = await queuesInUse(context);
  await dispatch(context, queues);
  publish(await gauges(context, queues), context.now());
  await endLostCalls(context);
  await rollUpClosedHours(context);
}
