/** Any OpenAI-compatible voice: `POST {base}/audio/speech` for PCM of 24 kHz, streamed. */
import { createPcmReader } from './pcm-reader.ts';
import type { Speak } from './provider.ts';
import { spoken, type VoiceOptions } from './spoken.ts';

export interface OpenaiSpeechOptions extends VoiceOptions {
  /** `https://api.openai.com/v1`; a trailing slash does not matter. */
  baseUrl: string;
}

const PCM_RATE = 24_000;

export const openaiSpeech =
  ({ baseUrl, ...options }: OpenaiSpeechOptions): Speak =>
  ({ text, model, voice }, signal) =>
    spoken(
      options,
      {
        url: `${baseUrl.replace(/\/+$/, '')}/audio/speech`,
        scheme: 'Bearer',
        body: { model, voice, input: text, response_format: 'pcm' },
        reader: createPcmReader(PCM_RATE),
      },
      signal,
    );
