/** The WebSocket API of the template: its stage, and the function behind each route. */
import { missing, type Resolved } from './resolve.ts';

export interface SocketApiModel {
  id: string;
  stage: string;
  /** The field of a message whose value names its route: `event` of `$request.body.event`. */
  selector: string;
  /** Functions by route key. */
  routes: Map<string, string>;
  timeoutMs: number;
}

/** The longest that API Gateway waits for an integration of a WebSocket API. */
const TIMEOUT_MS = 29_000;

/** An API that nobody reaches, for a template without one. */
const NONE: SocketApiModel = { id: '', stage: '', selector: '', routes: new Map(), timeoutMs: TIMEOUT_MS };

export function readSocketApi(resources: Resolved[]): SocketApiModel {
  const ofType = (type: string) =>
    resources.filter(resource => resource.type === `AWS::ApiGatewayV2::${type}`);
  const apis = ofType('Api').filter(({ properties }) => properties.ProtocolType === 'WEBSOCKET');
  const [api] = apis;
  if (!api) return NONE;
  if (apis.length > 1)
    throw new Error(`The local host runs one WebSocket API; the template has ${apis.length}.`);
  const own = ({ properties }: Resolved) => properties.ApiId === api.id;
  const integrations = ofType('Integration').filter(own);
  const functionBehind = ({ id, properties }: Resolved) => {
    if (properties.AuthorizationType !== undefined && properties.AuthorizationType !== 'NONE')
      throw new Error(`The local host knows no authorizer of a WebSocket route; ${id} has one.`);
    const target = String(properties.Target).replace('integrations/', '');
    return readFunctionName(integrations.find(each => each.id === target) ?? missing(`integration of ${id}`));
  };
  return {
    id: api.id,
    stage: String(ofType('Stage').find(own)?.properties.StageName ?? missing(`stage of ${api.id}`)),
    selector: readSelector(api),
    routes: new Map(
      ofType('Route')
        .filter(own)
        .map(route => [String(route.properties.RouteKey), functionBehind(route)]),
    ),
    timeoutMs: Number(integrations[0]?.properties.TimeoutInMillis ?? TIMEOUT_MS),
  };
}

function readFunctionName({ id, properties }: Resolved): string {
  if (properties.IntegrationType !== 'AWS_PROXY')
    throw new Error(`The integration ${id} is not a Lambda proxy, the only kind run here.`);
  return (
    /:function:([^/:]+)\/invocations$/.exec(String(properties.IntegrationUri))?.[1] ??
    missing(`function of ${id}`)
  );
}

function readSelector({ id, properties }: Resolved): string {
  const expression = String(properties.RouteSelectionExpression);
  const field = /^\$request\.body\.(\w+)$/.exec(expression)?.[1];
  if (!field) throw new Error(`The local host cannot select routes of ${id} by ${expression}.`);
  return field;
}
