/** Secrets Manager, as far as the functions use it: reading and replacing the current value of a secret. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Guard } from './guard.ts';
import { AwsError, type AwsHandler } from './protocol.ts';

/** Values by ARN; `save` is called after each change. */
export interface SecretStore {
  values: Map<string, string>;
  save(): Promise<void>;
}

/** CloudFormation's `GenerateSecretString`. */
export interface SecretGenerator {
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
  PasswordLength?: number;
  ExcludePunctuation?: boolean;
  ExcludeCharacters?: string;
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export function generateSecret(generator: SecretGenerator): string {
  const all = LETTERS_AND_DIGITS + (generator.ExcludePunctuation ? '' : PUNCTUATION);
  const alphabet = [...all].filter(character => !generator.ExcludeCharacters?.includes(character));
  const length = generator.PasswordLength ?? 32;
  const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
  if (!generator.GenerateStringKey) return password;
  const template = JSON.parse(generator.SecretStringTemplate ?? '{}') as object;
  return JSON.stringify({ ...template, [generator.GenerateStringKey]: password });
}

export function createSecretsManager(store: SecretStore, guard: Guard): AwsHandler {
  return async ({ target, body, caller }) => {
    const operation = target.split('.')[1] ?? '';
    const { SecretId = '', SecretString } = JSON.parse(body.toString()) as Record<string, string>;
    const arn = [...store.values.keys()].find(
      known => known === SecretId || known.endsWith(`:secret:${SecretId}`),
    );
    guard(caller, `secretsmanager:${operation}`, arn ?? SecretId);
    const value = arn === undefined ? undefined : store.values.get(arn);
    if (arn === undefined || value === undefined) {
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    const identity = { ARN: arn, Name: arn.split(':secret:')[1], VersionId: randomUUID() };
    if (operation === 'GetSecretValue') {
      return { body: JSON.stringify({ ...identity, SecretString: value, VersionStages: ['AWSCURRENT'] }) };
    }
    if (operation === 'PutSecretValue' && SecretString !== undefined) {
      store.values.set(arn, SecretString);
      await store.save();
      return { body: JSON.stringify(identity) };
    }
    throw new AwsError('UnknownOperationException', `The local Secrets Manager does not know ${operation}.`);
  };
}
