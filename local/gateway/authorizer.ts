/**
 * A Lambda authorizer with simple responses: asks its function once per identity and keeps the answer for the
 * declared time, refusals too. A request without one of the identity sources is refused unasked.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Lambda } from '../functions/lambda.ts';
import type { AuthorizerModel } from '../template/http-api.ts';
import { toAuthorizerEvent } from './event.ts';
import { gatewayMessage, type HttpResponse } from './response.ts';

interface Decision {
  isAuthorized: boolean;
  context?: Record<string, unknown>;
}

/** A request is refused with a response, or let in with what the authorizer tells the function. */
export type Verdict = { refusal: HttpResponse } | { context: Record<string, unknown> | undefined };

export class Authorizers {
  readonly #lambda: Lambda;
  readonly #now: () => number;
  readonly #cache = new Map<string, { decision: Decision; until: number }>();

  constructor(lambda: Lambda, now: () => number) {
    this.#lambda = lambda;
    this.#now = now;
  }

  async judge(authorizer: AuthorizerModel, event: APIGatewayProxyEventV2): Promise<Verdict> {
    const identity = authorizer.identitySources.map(source => identityOf(source, event));
    if (identity.some(value => value === undefined || value === '')) {
      return { refusal: gatewayMessage(401, 'Unauthorized') };
    }
    const decision = await this.#decide(authorizer, identity as string[], event);
    if (!decision) return { refusal: gatewayMessage(500, 'Internal Server Error') };
    return decision.isAuthorized
      ? { context: decision.context }
      : { refusal: gatewayMessage(403, 'Forbidden') };
  }

  async #decide(
    { name, functionName, ttlMs }: AuthorizerModel,
    identity: string[],
    event: APIGatewayProxyEventV2,
  ): Promise<Decision | undefined> {
    const key = JSON.stringify([name, ...identity]);
    const known = this.#cache.get(key);
    if (known && known.until > this.#now()) return known.decision;
    const result = await this.#lambda.invoke(
      functionName,
      JSON.stringify(toAuthorizerEvent(event, identity)),
    );
    const decision = result.ok ? (JSON.parse(result.payload) as Decision | null) : null;
    if (typeof decision?.isAuthorized !== 'boolean') return undefined;
    this.#cache.set(key, { decision, until: this.#now() + ttlMs });
    return decision;
  }
}

function identityOf(source: string, event: APIGatewayProxyEventV2): string | undefined {
  const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  if (kind === 'header') return event.headers[name.toLowerCase()];
  return event.queryStringParameters?.[name];
}
