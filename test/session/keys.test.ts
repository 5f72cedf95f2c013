/** Where a missing key means that there is no assistant. */
import { expect, test } from 'vitest';
import { settingsFrom } from '../../lambda/platform/settings.ts';
import { providersOf } from '../../lambda/session/providers.ts';

const OWN_LLM = { OPENAI_BASE_URL: 'http://10.0.0.5:8080/v1' };
const OWN_STT = { DEEPGRAM_URL: 'ws://10.0.0.6/v1/listen' };
const OPENAI = { OPENAI_API_KEY: 'sk' };
const DEEPGRAM = { DEEPGRAM_API_KEY: 'dg' };

test.each([
  ['both keys', {}, { ...OPENAI, ...DEEPGRAM }, true],
  ['no key', {}, {}, false],
  ['empty keys', {}, { OPENAI_API_KEY: '', DEEPGRAM_API_KEY: '' }, false],
  ['one key', {}, OPENAI, false],
  ['a model of its own, and the key of the other', OWN_LLM, DEEPGRAM, true],
  ['a model of its own alone', OWN_LLM, {}, false],
  ['everything of its own', { ...OWN_LLM, ...OWN_STT }, {}, true],
  ['another address of the provider', { OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' }, DEEPGRAM, false],
  ['a namesake', { OPENAI_BASE_URL: 'https://not-openai.com/v1' }, DEEPGRAM, true],
])('%s', async (_, given, keys: Record<string, string>, has) => {
  const secret = { read: async () => keys, fresh: async () => keys };
  const settings = settingsFrom({ PUBLIC_URL: 'https://calls.example.com', ...given });
  expect((await providersOf(settings, secret)).hasKeys).toBe(has);
});
