/** Secrets are read once, again when a key does not fit, and never quoted. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { keysOf, secret } from '../../lambda/platform/secrets.ts';

/** A Secrets Manager that gives one answer after the other; an Error is thrown. */
function manager(...answers: (string | Error)[]) {
  let reads = 0;
  const send = async (command: unknown) => {
    expect(command).toBeInstanceOf(GetSecretValueCommand);
    const answer = answers[Math.min(reads++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return { SecretString: answer };
  };
  const client = { send } as unknown as SecretsManagerClient;
  return { client, reads: () => reads };
}

it('reads once, however many ask', async () => {
  const { client, reads } = manager('{"KEY":"a"}');
  const one = secret(client, 'id', () => 0);
  expect(await Promise.all([one.read(), one.read(), one.fresh()])).toEqual(Array(3).fill({ KEY: 'a' }));
  expect(reads()).toBe(1);
});

it('reads again for a key that does not fit, at most every thirty seconds', async () => {
  let now = 0;
  const { client, reads } = manager('{"KEY":"a"}', '{"KEY":"b"}');
  const one = secret(client, 'id', () => now);
  await one.read();
  expect(await one.fresh()).toEqual({ KEY: 'a' });
  now = 30_000;
  expect(await one.fresh()).toEqual({ KEY: 'b' });
  expect(await one.fresh()).toEqual({ KEY: 'b' });
  expect(reads()).toBe(2);
});

it('keeps a good key when reading it again fails', async () => {
  let now = 0;
  const { client } = manager('{"KEY":"a"}', new Error('away'));
  const one = secret(client, 'id', () => now);
  await one.read();
  now = 60_000;
  await expect(one.fresh()).rejects.toThrow('away');
  expect(await one.read()).toEqual({ KEY: 'a' });
});

it('complains of a malformed secret without quoting it', async () => {
  const { client } = manager('hunter2-and-more');
  const complaint = secret(client, 'id', () => 0).read();
  await expect(complaint).rejects.toThrow(/must hold one JSON object/);
  await expect(complaint).rejects.not.toThrow(/hunter2/);
});

it('accepts the current key and its predecessor', () => {
  expect(keysOf({ KEY: 'new', OLD: 'old' }, ['KEY', 'OLD'])).toEqual(['new', 'old']);
  expect(keysOf({ KEY: 'new', OLD: '' }, ['KEY', 'OLD'])).toEqual(['new']);
});
