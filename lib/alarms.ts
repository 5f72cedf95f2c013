/**
 * The watches as CloudWatch alarms. They mail only if an address was given; otherwise they show on the
 * dashboard, and there is no topic that nobody reads.
 */
import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Functions } from './functions.ts';
import type { Tables } from './tables.ts';
import type { Watch } from './watch.ts';
import { watches } from './watches.ts';

export interface AlarmsProps {
  functions: Functions;
  tables: Tables;
  email?: string | undefined;
}

export class Alarms extends Construct {
  readonly all: Alarm[];

  constructor(scope: Construct, id: string, { functions, tables, email }: AlarmsProps) {
    super(scope, id);
    this.all = watches(functions, tables).map(watch => this.create(watch));
    if (email) this.mailTo(email);
  }

  private create({ name, means, metric, level, periods = [1, 1], silenceIsBad = false }: Watch): Alarm {
    const [breaching, of] = periods;
    const high = 'atLeast' in level;
    return new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${means}. What to do: docs/runbook.md#${name}`,
      metric,
      threshold: high ? level.atLeast : level.below,
      comparisonOperator: high
        ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.LESS_THAN_THRESHOLD,
      datapointsToAlarm: breaching,
      evaluationPeriods: of,
      treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  private mailTo(address: string): void {
    const topic = new Topic(this, 'Topic', { displayName: 'Switchboard alarms', enforceSSL: true });
    topic.addSubscription(new EmailSubscription(address));
    for (const alarm of this.all) {
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
  }
}
