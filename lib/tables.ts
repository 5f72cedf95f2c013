/**
 * The tables, on demand, expired by `ttl`. `Calls` holds what happens (calls, waiting lines, reservations), `Directory`
 * what is set up (agents, queues, numbers): both recoverable to any second of the last 35 days. `Frames` is the log of
 * the media streams, in which nothing matters for longer than ten minutes.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, type TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { INDEX, TABLE } from '../lambda/platform/names.ts';

const string = (name: string) => ({ name, type: AttributeType.STRING });

export class Tables extends Construct {
  readonly calls: TableV2;
  readonly directory: TableV2;
  readonly frames: TableV2;

  constructor(scope: Construct, id: string, { deletionProtection }: { deletionProtection: boolean }) {
    super(scope, id);
    const expiring = {
      partitionKey: string(TABLE.partitionKey),
      timeToLiveAttribute: TABLE.ttl,
      billing: Billing.onDemand(),
    };
    const shared: TablePropsV2 = {
      ...expiring,
      sortKey: string(TABLE.sortKey),
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
    this.frames = new TableV2(this, 'Frames', {
      ...expiring,
      sortKey: { name: TABLE.sortKey, type: AttributeType.NUMBER },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.frames).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Frames expire after ten minutes: there is no second of the past that anybody could want back.',
    });
  }
}
