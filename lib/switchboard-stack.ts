/**
 * The architecture, in the order in which a call meets it: its addresses, the functions behind them, the tables and
 * keys they use, the clock that mends, and the eyes on all of it.
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { Dashboard } from './dashboard.ts';
import { Functions } from './functions.ts';
import { Outputs } from './outputs.ts';
import { PublicApi } from './public-api.ts';
import { Routes } from './routes.ts';
import { SweepSchedule } from './schedule.ts';
import { Secrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import { StreamApi } from './stream-api.ts';
import { StreamRoutes } from './stream-routes.ts';
import { Tables } from './tables.ts';

export class SwitchboardStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const settings = readSettings(this.node);
    this.terminationProtection = settings.deletionProtection;

    const tables = new Tables(this, 'Tables', settings);
    const secrets = new Secrets(this, 'Secrets');
    const api = new PublicApi(this, 'Api', settings);
    const streams = new StreamApi(this, 'Streams', settings);
    const functions = new Functions(this, 'Functions', {
      tables,
      secrets,
      publicUrl: api.url,
      streams,
      settings,
    });
    new Routes(this, 'Routes', { api, functions, settings });
    new StreamRoutes(this, 'StreamRoutes', streams, functions.stream);
    new SweepSchedule(this, 'Sweep', functions.sweeper);

    const alarms = new Alarms(this, 'Alarms', { functions, tables, email: settings.alarmEmail });
    const dashboard = new Dashboard(this, 'Dashboard', { api, streams, functions, tables, alarms });
    new Outputs(this, 'Outputs', { api, streams, secrets, tables, dashboard });
  }
}
