/**
 * Who may use the App API: who has the key. Two keys are accepted while one is being rotated; a key that does
 * not fit has the secret read again, so that a new one works at once. Never throws: in doubt the answer is no.
 */
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { keyMatches } from '../platform/constant-time.ts';
import { log } from '../platform/log.ts';
import { SECRET_FIELDS } from '../platform/names.ts';
import { keysOf, type Secret } from '../platform/secrets.ts';

export async function authorize(
  apiKey: Secret,
  event: Pick<APIGatewayRequestAuthorizerEventV2, 'headers'>,
): Promise<APIGatewaySimpleAuthorizerResult> {
  const given = bearer(event.headers?.authorization ?? event.headers?.Authorization);
  if (given === undefined) return { isAuthorized: false };
  try {
    const isAuthorized = fits(given, await apiKey.read()) || fits(given, await apiKey.fresh());
    return { isAuthorized };
  } catch (error) {
    log.error('The API key could not be read; every request is refused until it can', error);
    return { isAuthorized: false };
  }
}

const fits = (given: string, fields: Record<string, string>) =>
  keyMatches(given, keysOf(fields, SECRET_FIELDS.apiKey));

/** The key in `Bearer <key>`. */
const bearer = (header: string | undefined) => /^bearer +(\S+)\s*$/i.exec(header ?? '')?.[1];
