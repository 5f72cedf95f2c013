/** What a session reaches for beside what every handler does: the providers. */
import { type Context, contextFromEnv } from '../app/context.ts';
import { type MediaContext, socketsFromEnv } from '../app/media-context.ts';
import { ENV } from '../platform/names.ts';
import { secret, secretsClient } from '../platform/secrets.ts';
import { type Providers, providersOf } from './providers.ts';

export interface SessionContext extends Context, MediaContext {
  providers(): Promise<Providers>;
}

export function sessionContextFromEnv(env: NodeJS.ProcessEnv): SessionContext {
  const context = contextFromEnv(env);
  const secretId = env[ENV.providersSecret];
  if (!secretId) throw new Error(`${ENV.providersSecret} is not set; the stack sets it.`);
  const keys = secret(secretsClient(), secretId, context.now);
  return { ...context, sockets: socketsFromEnv(env), providers: () => providersOf(context.settings, keys) };
}
