/**
 * What the deployment leaves to be done by hand: the URLs to paste into Vobiz and the commands that read and set
 * the keys. A template cannot hold a key, so the URLs say `<WEBHOOK_KEY>` and a command prints them finished.
 */
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SECRET_FIELDS } from '../lambda/platform/names.ts';
import type { Dashboard } from './dashboard.ts';
import type { PublicApi } from './public-api.ts';
import type { Secrets } from './secrets.ts';
import type { Tables } from './tables.ts';

export interface OutputsProps {
  api: PublicApi;
  secrets: Secrets;
  tables: Tables;
  dashboard: Dashboard;
}

export class Outputs extends Construct {
  constructor(scope: Construct, id: string, { api, secrets, tables, dashboard }: OutputsProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    const output = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description }).overrideLogicalId(name);

    const [apiKey] = SECRET_FIELDS.apiKey;
    const [webhookKey] = SECRET_FIELDS.webhookKey;
    const [authId, authToken] = SECRET_FIELDS.vobiz;
    const read = (arn: string) =>
      `aws secretsmanager get-secret-value --region ${region} --secret-id ${arn} --query SecretString --output text`;

    for (const [name, path, meaning] of VOBIZ_URLS) {
      output(name, `${api.url}${path}?key=<WEBHOOK_KEY>`, `${meaning} of the Vobiz application`);
    }
    output(
      'PrintVobizUrls',
      `${read(secrets.webhookKey.secretArn)} | node -e '${printUrls(webhookKey, api.url)}'`,
      'Prints the three URLs with their key',
    );
    output(
      'SetVobizCredentials',
      `aws secretsmanager put-secret-value --region ${region} --secret-id ${secrets.vobiz.secretArn} --secret-string ` +
        `'${JSON.stringify({ [authId]: '...', [authToken]: '...' })}'`,
      'Puts the credentials of the Vobiz account',
    );
    output('ApiUrl', api.url, 'Address of the App API');
    output(
      'PrintApiKey',
      `${read(secrets.apiKey.secretArn)} | node -e '${printField(apiKey)}'`,
      'Prints the API key',
    );
    output('ApiKeySecret', secrets.apiKey.secretArn, 'Secret with the keys of the App API');
    output(
      'WebhookKeySecret',
      secrets.webhookKey.secretArn,
      'Secret with the keys in the URLs that Vobiz calls',
    );
    output('VobizSecret', secrets.vobiz.secretArn, 'Secret with the Vobiz credentials');
    output('CallsTable', tables.calls.tableName, 'Calls, waiting lines, reservations');
    output('DirectoryTable', tables.directory.tableName, 'Agents, queues, numbers');
    output(
      'DashboardUrl',
      `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.name}`,
      'The CloudWatch dashboard',
    );
    if (api.domain)
      output('DomainTarget', api.domain.regionalDomainName, 'Where a CNAME of the domain name points');
  }
}

const VOBIZ_URLS = [
  ['AnswerUrl', '/answer', 'Answer URL'],
  ['HangupUrl', '/hangup', 'Hangup URL'],
  ['FallbackUrl', '/fallback', 'Fallback answer URL'],
] as const;

/** Node is there wherever CDK is; the programs avoid the apostrophe that would end their shell quotes. */
const printField = (field: string) => `console.log(JSON.parse(require("fs").readFileSync(0)).${field})`;

const printUrls = (field: string, url: string) =>
  `const key = JSON.parse(require("fs").readFileSync(0)).${field}; ` +
  `for (const path of ${JSON.stringify(VOBIZ_URLS.map(([, path]) => path))}) console.log("${url}" + path + "?key=" + key)`;
