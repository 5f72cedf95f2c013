/**
 * Secrets Manager, cached per container. `fresh` reads again, at most every `REREAD_MS`: called when a key does
 * not fit, so that a rotated key is known without a redeploy and a flood of wrong keys costs nothing.
 */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const REREAD_MS = 30_000;
const PATIENCE_MS = 2000;

export type SecretFields = Record<string, string>;

export interface Secret {
  read(): Promise<SecretFields>;
  fresh(): Promise<SecretFields>;
}

/** @param secretId name or ARN of a secret whose value is one JSON object of strings */
export function secret(client: SecretsManagerClient, secretId: string, now: () => number): Secret {
  let known: SecretFields | undefined;
  let reading: Promise<SecretFields> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;

  const readNow = () => {
    readAt = now();
    reading ??= load(client, secretId)
      .then(fields => {
        known = fields;
        return fields;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    read: async () => known ?? readNow(),
    fresh: async () => (known && now() - readAt < REREAD_MS ? known : readNow()),
  };
}

export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient({ maxAttempts: 3 });
}

async function load(client: SecretsManagerClient, secretId: string): Promise<SecretFields> {
  const command = new GetSecretValueCommand({ SecretId: secretId });
  const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(PATIENCE_MS) });
  const value = parsed(SecretString ?? '{}');
  if (typeof value !== 'object' || value === null)
    throw new Error('A secret must hold one JSON object of strings; put it again as docs/deploy.md shows.');
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => typeof field === 'string'),
  ) as SecretFields;
}

/** JSON.parse would quote the secret in its complaint. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The accepted keys of a rotating pair, newest first. */
export function keysOf(fields: SecretFields, [current, previous]: readonly [string, string]): string[] {
  return [fields[current], fields[previous]].filter((key): key is string => Boolean(key));
}
