/**
 * What the deployment leaves to be done by hand: the URLs to paste into Vobiz and the commands that read and set
 * the keys. A template cannot hold a key, so the URLs say `<WEBHOOK_KEY>` and a command prints them finished.
 */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SECRET_FIELDS } from '../lambda/platform/names.ts';
import type { Dashboard } from './dashboard.ts';
import type { PublicApi } from './public-api.ts';
import type { Secrets } from './secrets.ts';
import type { StreamApi } from './stream-api.ts';
import type { Tables } from './tables.ts';

export interface OutputsProps {
  api: PublicApi;
  streams: StreamApi;
  secrets: Secrets;
  tables: Tables;
  dashboard: Dashboard;
}

type Output = [name: string, value: string, description: string];

export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    for (const [name, value, description] of [
      ...addresses(props, region),
      ...commands(props, region),
      ...resources(props),
    ]) {
      new CfnOutput(this, name, { value, description }).overrideLogicalId(name);
    }
  }
}

const VOBIZ_URLS = [
  ['AnswerUrl', '/answer', 'Answer URL'],
  ['HangupUrl', '/hangup', 'Hangup URL'],
  ['FallbackUrl', '/fallback', 'Fallback answer URL'],
] as const;

function addresses({ api, streams, dashboard }: OutputsProps, region: string): Output[] {
  const page = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.name}`;
  return [
    ...VOBIZ_URLS.map(
      ([name, path, meaning]): Output => [
        name,
        `${api.url}${path}?key=<WEBHOOK_KEY>`,
        `${meaning} of the Vobiz application`,
      ],
    ),
    ['ApiUrl', api.url, 'Address of the App API'],
    ['StreamUrl', streams.url, 'Where Vobiz opens the media streams of assistants'],
    ['DashboardUrl', page, 'The CloudWatch dashboard'],
    ...(api.domain
      ? [['DomainTarget', api.domain.regionalDomainName, 'Where a CNAME of the domain name points'] as Output]
      : []),
  ];
}

function commands({ api, secrets }: OutputsProps, region: string): Output[] {
  const [apiKey] = SECRET_FIELDS.apiKey;
  const [webhookKey] = SECRET_FIELDS.webhookKey;
  const [authId, authToken] = SECRET_FIELDS.vobiz;
  const secretsManager = (verb: string, secret: ISecret) =>
    `aws secretsmanager ${verb} --region ${region} --secret-id ${secret.secretArn}`;
  const put = (secret: ISecret, fields: readonly string[]) =>
    `${secretsManager('put-secret-value', secret)} --secret-string ` +
    `'${JSON.stringify(Object.fromEntries(fields.map(field => [field, '...'])))}'`;
  const read = (secret: ISecret) =>
    `${secretsManager('get-secret-value', secret)} --query SecretString --output text`;
  return [
    [
      'PrintVobizUrls',
      `${read(secrets.webhookKey)} | node -e '${printUrls(webhookKey, api.url)}'`,
      'Prints the three URLs with their key',
    ],
    [
      'SetVobizCredentials',
      put(secrets.vobiz, [authId, authToken]),
      'Puts the credentials of the Vobiz account',
    ],
    [
      'SetProviderKeys',
      put(secrets.providers, SECRET_FIELDS.providers),
      'Puts the keys with which assistants listen, think and speak',
    ],
    ['PrintApiKey', `${read(secrets.apiKey)} | node -e '${printField(apiKey)}'`, 'Prints the API key'],
  ];
}

const resources = ({ secrets, tables }: OutputsProps): Output[] => [
  ['ApiKeySecret', secrets.apiKey.secretArn, 'Secret with the keys of the App API'],
  ['WebhookKeySecret', secrets.webhookKey.secretArn, 'Secret with the keys in the URLs that Vobiz calls'],
  ['VobizSecret', secrets.vobiz.secretArn, 'Secret with the Vobiz credentials'],
  ['ProvidersSecret', secrets.providers.secretArn, 'Secret with the keys of speech and language providers'],
  ['CallsTable', tables.calls.tableName, 'Calls, waiting lines, reservations'],
  ['DirectoryTable', tables.directory.tableName, 'Agents, queues, numbers, assistants'],
  ['FramesTable', tables.frames.tableName, 'Frame log and leases of the media streams'],
];

/** Node is there wherever CDK is; the programs avoid the apostrophe that would end their shell quotes. */
const printField = (field: string) => `console.log(JSON.parse(require("fs").readFileSync(0)).${field})`;

const printUrls = (field: string, url: string) =>
  `const key = JSON.parse(require("fs").readFileSync(0)).${field}; ` +
  `for (const path of ${JSON.stringify(VOBIZ_URLS.map(([, path]) => path))}) console.log("${url}" + path + "?key=" + key)`;
