/** The commands among the outputs hold a Node program in shell quotes: run here with a double of the AWS CLI. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { synthesize, textOf } from './synthesized.ts';

const { outputs } = await synthesize({ PUBLIC_URL: 'https://calls.example.com' });

function run(output: string, secret: Record<string, string>): string {
  const command = `aws() { printf '%s\\n' '${JSON.stringify(secret)}'; }\n${textOf(outputs[output]?.Value)}`;
  return execFileSync('bash', ['-c', command], { encoding: 'utf8' });
}

test('PrintVobizUrls prints the three URLs with the key', () => {
  expect(run('PrintVobizUrls', { WEBHOOK_KEY: 'abc123' })).toBe(
    ['/answer', '/hangup', '/fallback'].map(path => `https://calls.example.com${path}?key=abc123\n`).join(''),
  );
});

test('PrintApiKey prints the key and nothing else', () => {
  expect(run('PrintApiKey', { API_KEY: 'abc123' })).toBe('abc123\n');
});
