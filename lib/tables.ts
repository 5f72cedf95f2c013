/**
 * The two tables. `Calls` holds what happens (calls, waiting lines, reservations), `Directory` what is set up
 * (agents, queues, numbers). On demand, recoverable to any second of the last 35 days, expired by `ttl`.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, type TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { INDEX, TABLE } from '../lambda/platform/names.ts';

const string = (name: string) => ({ name, type: AttributeType.STRING });

export class Tables extends Construct {
  readonly calls: TableV2;
  readonly directory: TableV2;

  constructor(scope: Construct, id: string, { deletionProtection }: { deletionProtection: boolean }) {
    super(scope, id);
    const shared: TablePropsV2 = {
      partitionKey: string(TABLE.partitionKey),
      sortKey: string(TABLE.sortKey),
      timeToLiveAttribute: TABLE.ttl,
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    this.calls = new TableV2(this, 'Calls', {
      ...shared,
      globalSecondaryIndexes: [
        {
          indexName: INDEX.byDay.name,
          partitionKey: string(INDEX.byDay.partitionKey),
          sortKey: string(INDEX.byDay.sortKey),
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: [...INDEX.byDay.projects],
        },
        {
          indexName: INDEX.live.name,
          partitionKey: string(INDEX.live.partitionKey),
          sortKey: string(INDEX.live.sortKey),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });
    this.directory = new TableV2(this, 'Directory', shared);
  }
}
