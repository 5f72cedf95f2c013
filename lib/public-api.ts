/**
 * The address of the product: one HTTP API, its stage, its access log and, if wished, a domain name. Declared
 * before the functions, which must know `url` to build the links they give to the carrier; `routes.ts` then ties
 * the functions to it.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  DomainName,
  HttpApi,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { CustomDomain, Settings } from './settings.ts';

/**
 * The route as declared, never the path or query: keys are in the query of webhooks, telephone numbers in the
 * path of `/agents/{number}`.
 */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    routeKey: '$context.routeKey',
    status: '$context.status',
    responseLength: '$context.responseLength',
    responseLatency: '$context.responseLatency',
    integrationLatency: '$context.integrationLatency',
    integrationError: '$context.integrationErrorMessage',
    authorizerError: '$context.authorizer.error',
    sourceIp: '$context.identity.sourceIp',
    userAgent: '$context.identity.userAgent',
  }),
);

export class PublicApi extends Construct {
  readonly http: HttpApi;
  readonly stage: HttpStage;
  readonly domain?: DomainName;
  /** What the carrier and the App API's clients call, without a trailing slash. */
  readonly url: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.http = new HttpApi(this, 'Http', { apiName: 'switchboard', createDefaultStage: false });
    const log = new LogGroup(this, 'AccessLog', {
      retention: settings.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle: settings.throttle,
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: accessLog },
    });
    if (settings.domain) this.domain = this.addDomain(settings.domain);
    this.url =
      settings.publicUrl ?? (settings.domain ? `https://${settings.domain.name}` : this.http.apiEndpoint);
  }

  private addDomain({ name, certificateArn, hostedZoneId }: CustomDomain): DomainName {
    const domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    });
    new ApiMapping(this, 'Mapping', { api: this.http, domainName: domain, stage: this.stage });
    if (hostedZoneId) {
      new ARecord(this, 'Alias', {
        zone: HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName: name }),
        recordName: `${name}.`,
        target: RecordTarget.fromAlias(
          new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId),
        ),
      });
    }
    return domain;
  }
}
