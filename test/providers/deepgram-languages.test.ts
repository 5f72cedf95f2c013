/** A language as Deepgram takes it: the regions that it knows, and none that it does not. */
import { expect, test } from 'vitest';
import { deepgramLanguage } from '../../lambda/voice/providers/deepgram-languages.ts';

test.each([
  ['hi-IN', 'hi'],
  ['it-IT', 'it'],
  ['ru-RU', 'ru'],
  ['ja-JP', 'ja'],
  ['de-DE', 'de'],
  ['fr-FR', 'fr'],
  ['es-ES', 'es'],
  ['en-ZA', 'en'],
  ['hi', 'hi'],
  ['en-IN', 'en-IN'],
  ['en-us', 'en-US'],
  ['es-419', 'es-419'],
  ['fr-CA', 'fr-CA'],
  ['pt-BR', 'pt-BR'],
  ['pt-PT', 'pt-PT'],
  ['de-CH', 'de-CH'],
  ['nl-BE', 'nl-BE'],
  ['ko-KR', 'ko-KR'],
  ['zh-TW', 'zh-TW'],
  ['zh-Hant', 'zh-Hant'],
  ['zh-Hans-CN', 'zh-Hans'],
  ['zh-SG', 'zh'],
  ['nb-NO', 'no'],
  ['fil-PH', 'tl'],
  ['yue', 'zh-HK'],
  ['multi', 'multi'],
])('%s is %s', (tag, expected) => {
  expect(deepgramLanguage(tag, 'nova-3')).toBe(expected);
  expect(deepgramLanguage(tag, 'nova-2-general')).toBe(expected);
});

test.each([
  ['en-US', 'en-US'],
  ['en', 'en'],
  ['en-IN', 'en'],
  ['en-GB', 'en'],
])('%s is %s for the model of the telephone', (tag, expected) => {
  expect(deepgramLanguage(tag, 'nova-2-phonecall')).toBe(expected);
});
