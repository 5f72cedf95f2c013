import { afterEach, expect, it } from 'vitest';
import { openProviders, type Providers } from '../../local/providers.ts';

let providers: Providers | undefined;
afterEach(() => providers?.stop());

const open = async (given: Record<string, string>) => {
  providers = await openProviders(given);
  const { settings, secrets, doubled } = providers;
  return { settings: Object.keys(settings).sort(), secrets: Object.keys(secrets).sort(), doubled };
};

it('doubles stand in for providers without a key, and answer at the addresses that functions are given', async () => {
  expect(await open({})).toEqual({
    settings: ['DEEPGRAM_SPEAK_URL', 'DEEPGRAM_URL', 'OPENAI_BASE_URL'],
    secrets: ['DEEPGRAM_API_KEY', 'OPENAI_API_KEY'],
    doubled: ['Deepgram', 'OpenAI'],
  });
  const answer = await fetch(`${providers?.settings.OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${providers?.secrets.OPENAI_API_KEY}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hello' }] }),
  });
  expect(answer.status).toBe(200);
  await answer.body?.cancel();
});

it('one key: the other provider alone is doubled', async () => {
  expect(await open({ OPENAI_API_KEY: 'sk-real' })).toEqual({
    settings: ['DEEPGRAM_SPEAK_URL', 'DEEPGRAM_URL'],
    secrets: ['DEEPGRAM_API_KEY'],
    doubled: ['Deepgram'],
  });
});

it('both keys: nothing is doubled, nothing is started', async () => {
  const both = { OPENAI_API_KEY: 'sk-real', DEEPGRAM_API_KEY: 'dg-real' };
  expect(await open(both)).toEqual({ settings: [], secrets: [], doubled: [] });
});

it('an endpoint of the user without a key is used as it is, and without one', async () => {
  expect(await open({ OPENAI_BASE_URL: 'http://10.0.0.5/v1', DEEPGRAM_API_KEY: 'dg-real' })).toEqual({
    settings: [],
    secrets: ['OPENAI_API_KEY'],
    doubled: [],
  });
  expect(providers?.secrets.OPENAI_API_KEY).toBe('');
});
