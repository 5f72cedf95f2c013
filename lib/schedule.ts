/** The sweeper's clock: EventBridge, once a minute. A failed run is not repeated, because the next one is due. */
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, sweeper: IFunction) {
    super(scope, id);
    new Rule(this, 'EveryMinute', {
      description: 'Runs the Switchboard sweeper',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
