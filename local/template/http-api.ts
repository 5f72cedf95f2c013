/** The HTTP API of the template: its routes, the function behind each, and the authorizer before it. */
import { missing, type Resolved } from './resolve.ts';

export interface AuthorizerModel {
  name: string;
  functionName: string;
  /** Expressions such as `$request.header.Authorization`; all must be present in a request. */
  identitySources: string[];
  ttlMs: number;
}

export interface IntegrationModel {
  functionName: string;
  timeoutMs: number;
}

export interface RouteModel {
  key: string;
  integration: IntegrationModel;
  authorizer?: AuthorizerModel;
}

const IDENTITY_SOURCE = /^\$request\.(header|querystring)\.[\w-]+$/;

export interface HttpApiModel {
  id: string;
  routes: RouteModel[];
}

export function readHttpApi(resources: Resolved[]): HttpApiModel {
  const ofType = (type: string) =>
    resources.filter(resource => resource.type === `AWS::ApiGatewayV2::${type}`);
  const apis = ofType('Api').filter(({ properties }) => properties.ProtocolType === 'HTTP');
  const [api] = apis;
  if (!api || apis.length > 1)
    throw new Error(`The local host runs one HTTP API; the template has ${apis.length}.`);
  const own = ({ properties }: Resolved) => properties.ApiId === api.id;
  const integrations = new Map(
    ofType('Integration')
      .filter(own)
      .map(each => [each.id, readIntegration(each)]),
  );
  const authorizers = new Map(
    ofType('Authorizer')
      .filter(own)
      .map(each => [each.id, readAuthorizer(each)]),
  );
  const routes = ofType('Route')
    .filter(own)
    .map(({ id, properties }): RouteModel => {
      const integration = String(properties.Target).replace('integrations/', '');
      const authorizer = authorizers.get(String(properties.AuthorizerId));
      if (properties.AuthorizationType === 'CUSTOM' && !authorizer) missing(`authorizer of ${id}`);
      return {
        key: String(properties.RouteKey),
        integration: integrations.get(integration) ?? missing(`integration of ${id}`),
        ...(authorizer && { authorizer }),
      };
    });
  return { id: api.id, routes };
}

function readIntegration({ id, properties }: Resolved): IntegrationModel {
  if (properties.IntegrationType !== 'AWS_PROXY' || properties.PayloadFormatVersion !== '2.0') {
    throw new Error(`The integration ${id} is not a Lambda proxy with payload 2.0, the only kind run here.`);
  }
  return {
    functionName: String(properties.IntegrationUri).split(':').at(-1) ?? '',
    timeoutMs: Number(properties.TimeoutInMillis ?? 30_000),
  };
}

function readAuthorizer({ id, properties }: Resolved): AuthorizerModel {
  if (properties.AuthorizerType !== 'REQUEST' || properties.EnableSimpleResponses !== true) {
    throw new Error(
      `The authorizer ${id} is not a Lambda authorizer with simple responses, the only kind run here.`,
    );
  }
  const identitySources = (properties.IdentitySource ?? []) as string[];
  const unknown = identitySources.find(source => !IDENTITY_SOURCE.test(source));
  if (unknown) throw new Error(`The local host does not know the identity source ${unknown} of ${id}.`);
  return {
    name: id,
    functionName:
      /:function:([^/:]+)/.exec(String(properties.AuthorizerUri))?.[1] ?? missing(`function of ${id}`),
    identitySources,
    ttlMs: Number(properties.AuthorizerResultTtlInSeconds ?? 300) * 1000,
  };
}
