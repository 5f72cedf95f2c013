/** Deepgram's recognition of a whole file: one request, one answer. */
import { deepgramLanguage } from './deepgram-languages.ts';
import { asObject, credentials, Exchange, type Fetch, objectIn } from './exchange.ts';
import type { TranscribeFile, Utterance } from './provider.ts';

export interface DeepgramRecordedOptions {
  /** Of the streaming recognition, `wss://api.deepgram.com/v1/listen`: files go to the same path. */
  url: string;
  key: () => string;
  /** For a file of any length: 120,000. */
  patienceMs?: number;
  fetch?: Fetch;
}

export const deepgramRecorded =
  ({ url, key, patienceMs = 120_000, fetch }: DeepgramRecordedOptions): TranscribeFile =>
  async ({ bytes, type }, { model, language }, signal) => {
    const exchange = new Exchange('Deepgram', signal, fetch);
    exchange.allow(patienceMs);
    const address = new URL(url.replace(/^ws/, 'http'));
    const query = {
      model,
      language: deepgramLanguage(language, model),
      punctuate: 'true',
      smart_format: 'true',
      utterances: 'true',
    };
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    const headers = { ...credentials('Token', key()), 'content-type': type };
    const response = await exchange.send(address.href, headers, bytes);
    const { results } = objectIn(await exchange.text(response));
    const { utterances } = asObject(results);
    if (!Array.isArray(utterances)) throw exchange.fault('unavailable', 'sent no utterances');
    return utterances.flatMap(utteranceOf);
  };

function utteranceOf(given: unknown): Utterance[] {
  const { transcript, start, end } = asObject(given);
  const isWhole = typeof transcript === 'string' && typeof start === 'number' && typeof end === 'number';
  return isWhole && transcript.trim() !== '' ? [{ text: transcript.trim(), began: start, ended: end }] : [];
}
