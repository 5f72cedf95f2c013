/**
 * What somebody must look at, and nothing else: the whole list of alarms, as data, those of assistants and
 * flows in files of their own. Each has a section of the same name in docs/runbook.md, which says what it means, how to look, and what to
 * do.
 */
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { INDEX, METRICS } from '../lambda/platform/names.ts';
import { assistantWatches } from './assistant-watches.ts';
import { flowWatches } from './flow-watches.ts';
import type { Functions } from './functions.ts';
import { formula, ofTable, overall } from './metrics.ts';
import type { Tables } from './tables.ts';
import { FIVE_MINUTES, MINUTELY, QUARTER_HOUR, type Watch } from './watch.ts';

export const watches = (functions: Functions, tables: Tables): Watch[] => [
  ...webhookWatches(functions),
  ...queueWatches(),
  ...backgroundWatches(functions),
  ...storeWatches(tables),
  ...assistantWatches(functions, tables),
  ...flowWatches(),
];

function webhookWatches({ webhooks, control, authorizer }: Functions): Watch[] {
  return [
    {
      name: 'webhook-errors',
      means: 'Webhooks fail: callers are kept on hold, or dropped',
      metric: formula(
        'logged + errors + throttles',
        {
          logged: webhooks.metricLoggedErrors(MINUTELY),
          errors: webhooks.metricErrors(MINUTELY),
          throttles: webhooks.metricThrottles(MINUTELY),
        },
        'errors and throttles',
      ),
      level: { atLeast: 1 },
    },
    {
      name: 'webhook-latency',
      means: 'Slow replies: callers hear silence, and Vobiz gives up after ten seconds',
      metric: webhooks.metricDuration({ statistic: Stats.p(99), period: FIVE_MINUTES }),
      level: { atLeast: 2000 },
      periods: [2, 3],
    },
    {
      name: 'refused-webhooks',
      means: 'Many requests failed authentication: a wrong key in Vobiz, or somebody is trying',
      metric: overall(METRICS.refusedWebhooks, Stats.SUM, FIVE_MINUTES),
      level: { atLeast: 20 },
    },
    {
      name: 'control-errors',
      means: 'The App API or its authorizer fails',
      metric: formula(
        'logged + errors + alogged + aerrors',
        {
          logged: control.metricLoggedErrors({ period: FIVE_MINUTES }),
          errors: control.metricErrors({ period: FIVE_MINUTES }),
          alogged: authorizer.metricLoggedErrors({ period: FIVE_MINUTES }),
          aerrors: authorizer.metricErrors({ period: FIVE_MINUTES }),
        },
        'errors',
        FIVE_MINUTES,
      ),
      level: { atLeast: 1 },
    },
  ];
}

function queueWatches(): Watch[] {
  return [
    {
      name: 'abandonment',
      means: 'More than a fifth of at least five callers hung up while they waited',
      metric: formula(
        'IF(joined >= 5, 100 * abandons / joined, 0)',
        {
          joined: overall(METRICS.callsJoined, Stats.SUM, QUARTER_HOUR),
          abandons: overall(METRICS.abandons, Stats.SUM, QUARTER_HOUR),
        },
        'abandoned %',
        QUARTER_HOUR,
      ),
      level: { atLeast: 20 },
    },
    {
      name: 'longest-wait',
      means: 'A caller has been waiting for more than five minutes',
      metric: overall(METRICS.longestWaitMs, Stats.MAXIMUM),
      level: { atLeast: 300_000 },
      periods: [2, 3],
    },
    {
      name: 'nobody-available',
      means: 'Callers wait in a queue in which no agent is available or in a call',
      metric: overall(METRICS.unattended, Stats.MAXIMUM),
      level: { atLeast: 1 },
      periods: [3, 3],
    },
    {
      name: 'transfer-failures',
      means: 'Vobiz refuses to move waiting callers to their agent; they wait for the end of the hold music',
      metric: overall(METRICS.transferFailures, Stats.SUM, FIVE_MINUTES),
      level: { atLeast: 3 },
    },
  ];
}

function backgroundWatches({ sweeper, tasks }: Functions): Watch[] {
  return [
    {
      name: 'sweeper-silent',
      means: 'The sweeper has not finished a run for three minutes: nothing mends what leaks',
      metric: formula(
        'runs - errors',
        { runs: sweeper.metricInvocations(MINUTELY), errors: sweeper.metricErrors(MINUTELY) },
        'good runs',
      ),
      level: { below: 1 },
      periods: [3, 3],
      silenceIsBad: true,
    },
    {
      name: 'swept-calls',
      means: 'The sweeper ended calls that no webhook ended: webhooks are being lost',
      metric: overall(METRICS.sweptCalls, Stats.SUM, FIVE_MINUTES),
      level: { atLeast: 1 },
    },
    {
      name: 'tasks-errors',
      means: 'Asynchronous work fails and is being retried',
      metric: tasks.metricErrors({ period: QUARTER_HOUR }),
      level: { atLeast: 3 },
    },
    {
      name: 'tasks-dropped',
      means: 'Asynchronous work was given up after its retries; the sweeper mends what it can',
      metric: tasks.metric('AsyncEventsDropped', { statistic: Stats.SUM, period: FIVE_MINUTES }),
      level: { atLeast: 1 },
    },
  ];
}

function storeWatches({ calls, directory }: Tables): Watch[] {
  const index = { GlobalSecondaryIndexName: INDEX.byDay.name };
  return [
    {
      name: 'store-throttles',
      means: 'DynamoDB refuses requests because a table grows faster than it scales',
      metric: formula(
        'creads + cwrites + iwrites + dreads + dwrites',
        {
          creads: ofTable(calls, 'ReadThrottleEvents'),
          cwrites: ofTable(calls, 'WriteThrottleEvents'),
          iwrites: ofTable(calls, 'WriteThrottleEvents', index),
          dreads: ofTable(directory, 'ReadThrottleEvents'),
          dwrites: ofTable(directory, 'WriteThrottleEvents'),
        },
        'throttled requests',
      ),
      level: { atLeast: 1 },
      periods: [2, 5],
    },
    {
      name: 'store-errors',
      means: 'DynamoDB answers with internal errors',
      metric: formula(
        'cwrite + ctransact + cquery + dwrite + dtransact + dquery',
        { ...systemErrors('c', calls), ...systemErrors('d', directory) },
        'system errors',
      ),
      level: { atLeast: 1 },
      periods: [2, 5],
    },
  ];
}

/** DynamoDB counts these by operation only: the three that carry a call stand for all. */
function systemErrors(prefix: string, table: TableV2): Record<string, IMetric> {
  const errors = (operation: string) => ofTable(table, 'SystemErrors', { Operation: operation });
  return {
    [`${prefix}write`]: errors('PutItem'),
    [`${prefix}transact`]: errors('TransactWriteItems'),
    [`${prefix}query`]: errors('Query'),
  };
}
