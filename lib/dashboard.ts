/**
 * One page for the person on duty, read from the top: is it well now, are callers served, how long do they wait,
 * who serves them, how assistants and flows fare, and only then the machinery and what it costs. docs/dashboard.md explains every graph.
 */
import { AlarmStatusWidget, Dashboard as CloudWatchDashboard, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS } from '../lambda/platform/names.ts';
import type { Alarms } from './alarms.ts';
import { assistants, media, turns } from './assistant-rows.ts';
import { flows } from './flow-rows.ts';
import type { Functions } from './functions.ts';
import { ofTable, overall, perQueue } from './metrics.ts';
import type { PublicApi } from './public-api.ts';
import { FULL_WIDTH, row } from './row.ts';
import { FUNCTION_NAMES } from './settings.ts';
import type { StreamApi } from './stream-api.ts';
import type { Tables } from './tables.ts';

export interface DashboardProps {
  api: PublicApi;
  streams: StreamApi;
  functions: Functions;
  tables: Tables;
  alarms: Alarms;
}

export class Dashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const dashboard = new CloudWatchDashboard(this, 'Page', {
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: FULL_WIDTH, height: 3, alarms: props.alarms.all })],
        callersNow(),
        answers(),
        waits(),
        agents(),
        assistants(),
        turns(),
        media(),
        flows(),
        webhooks(props),
        resilience(props),
        cost(props),
      ],
    });
    this.name = dashboard.dashboardName;
  }
}

const callersNow = () =>
  row(
    { title: 'Callers waiting', left: [perQueue(METRICS.callersWaiting, Stats.MAXIMUM)] },
    { title: 'Unattended callers', left: [perQueue(METRICS.unattended, Stats.MAXIMUM)] },
    { title: 'Longest wait now', label: 'ms', left: [perQueue(METRICS.longestWaitMs, Stats.MAXIMUM)] },
  );

const answers = () =>
  row(
    { title: 'Joined and answered', left: [perQueue(METRICS.callsJoined), perQueue(METRICS.answers)] },
    { title: 'Abandoned', left: [perQueue(METRICS.abandons)] },
    {
      title: 'Ended otherwise',
      left: [overall(METRICS.voicemails), overall(METRICS.overflows), overall(METRICS.failures)],
    },
  );

const waits = () =>
  row(
    {
      title: 'Wait until answered',
      label: 'ms',
      left: [Stats.p(50), Stats.p(95), Stats.MAXIMUM].map(statistic => overall(METRICS.waitMs, statistic)),
    },
    { title: 'Wait p95 by queue', label: 'ms', left: [perQueue(METRICS.waitMs, Stats.p(95))] },
    {
      title: 'Answered within 20 seconds',
      label: '%',
      left: [overall(METRICS.waitMs, Stats.percentileRank(20_000)).with({ label: 'service level' })],
    },
  );

const agents = () =>
  row(
    {
      title: 'Agents by state',
      left: [overall(METRICS.agentsAvailable), overall(METRICS.agentsBusy), overall(METRICS.agentsAway)],
    },
    { title: 'Available by queue', left: [perQueue(METRICS.agentsAvailable, Stats.MAXIMUM)] },
    { title: 'Offers and missed rings', left: [overall(METRICS.offers), overall(METRICS.missedRings)] },
    {
      title: 'Talk time',
      label: 'ms',
      left: [Stats.p(50), Stats.p(95)].map(s => overall(METRICS.talkMs, s)),
    },
  );

const webhooks = ({ api, functions }: DashboardProps) =>
  row(
    {
      title: 'Webhook latency',
      label: 'ms',
      left: [Stats.p(50), Stats.p(95), Stats.p(99)].map(statistic =>
        functions.webhooks.metricDuration({ statistic, label: statistic }),
      ),
    },
    {
      title: 'Errors',
      left: [
        ...FUNCTION_NAMES.map(name => functions[name].metricLoggedErrors({ label: `${name} logged` })),
        ...FUNCTION_NAMES.map(name => functions[name].metricErrors({ label: `${name} thrown` })),
        api.stage.metricServerError({ label: 'HTTP 5xx', statistic: Stats.SUM }),
      ],
    },
    {
      title: 'Refused',
      left: [
        overall(METRICS.refusedWebhooks),
        overall(METRICS.refusedStreams),
        api.stage.metricClientError({ label: 'HTTP 4xx', statistic: Stats.SUM }),
      ],
    },
  );

const resilience = ({ functions, tables }: DashboardProps) =>
  row(
    { title: 'Store retries', left: [overall(METRICS.storeRetries)] },
    {
      title: 'Throttles',
      left: [
        ...FUNCTION_NAMES.map(name => functions[name].metricThrottles({ label: name })),
        ofTable(tables.calls, 'WriteThrottleEvents').with({ label: 'calls table' }),
        ofTable(tables.directory, 'WriteThrottleEvents').with({ label: 'directory table' }),
        ofTable(tables.frames, 'WriteThrottleEvents').with({ label: 'frames table' }),
      ],
    },
    {
      title: 'Transfer failures and swept calls',
      left: [overall(METRICS.transferFailures), overall(METRICS.sweptCalls)],
    },
    {
      title: 'Tasks given up',
      left: [functions.tasks.metric('AsyncEventsDropped', { statistic: Stats.SUM, label: 'dropped' })],
    },
  );

const cost = ({ api, streams, functions, tables }: DashboardProps) =>
  row(
    {
      title: 'HTTP requests and stream events',
      left: [
        api.stage.metricCount({ statistic: Stats.SUM, label: 'requests' }),
        streams.stage.metric('MessageCount', { statistic: Stats.SUM, label: 'stream events' }),
      ],
    },
    {
      title: 'Lambda time',
      label: 'ms',
      left: FUNCTION_NAMES.map(name => functions[name].metricDuration({ statistic: Stats.SUM, label: name })),
    },
    {
      title: 'DynamoDB capacity units',
      left: (['Write', 'Read'] as const).flatMap(kind => [
        ofTable(tables.calls, `Consumed${kind}CapacityUnits`).with({ label: `calls ${kind}` }),
        ofTable(tables.directory, `Consumed${kind}CapacityUnits`).with({ label: `directory ${kind}` }),
        ofTable(tables.frames, `Consumed${kind}CapacityUnits`).with({ label: `frames ${kind}` }),
      ]),
    },
  );
